module example.org/imports

go 1.27
