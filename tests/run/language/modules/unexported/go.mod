module example.org/unexported

go 1.27
