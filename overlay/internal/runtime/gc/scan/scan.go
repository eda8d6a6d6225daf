package scan

// The package serves gc's collector; only its own users could call it.

//goxide:skip scan_amd64.go filter_amd64.go expand_amd64.go
//goxide:take scan_generic.go
