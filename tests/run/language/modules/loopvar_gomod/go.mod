module example.org/loopvar

go 1.21
