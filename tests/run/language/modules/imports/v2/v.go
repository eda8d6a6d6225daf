// Package imports lies in a folder named after a version.
package imports

// Version is the version.
var Version = "two"
