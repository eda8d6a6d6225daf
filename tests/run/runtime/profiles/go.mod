module profiles

go 1.27
