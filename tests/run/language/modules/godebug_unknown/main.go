//test:nobuild

// Settings that do not exist, are given twice or are malformed.

//go:debug nosuchsetting=1
//go:debug panicnil=1
//go:debug panicnil=0
//go:debug panicnil
//go:debug x509sha1=1
//go:debug default=1.20
package main

func main() {}
