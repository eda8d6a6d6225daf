module example.org/initorder

go 1.27
