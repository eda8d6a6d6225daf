module example.org/godebugunknown

go 1.27
