module example.org/panicininit

go 1.27
