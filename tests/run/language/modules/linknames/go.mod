module example.org/linknames

go 1.27
