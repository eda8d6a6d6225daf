// Package inner embeds a file of its own folder.
package inner

import _ "embed"

// Text is the file's text.
//
//go:embed inner.txt
var Text string
