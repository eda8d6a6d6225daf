module example.org/calls_first

go 1.27
