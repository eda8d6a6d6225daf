module example.org/importerrors

go 1.27
