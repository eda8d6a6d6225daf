module example.org/generic

go 1.27
