// Package runtime is the Go half of goxide's runtime: the operations that compiled code
// calls by name, Go's public runtime API, and the bodies that the standard library links
// to. Scheduling, memory and everything else that must not run on a goroutine's stack is
// Rust, reached through the body-less functions of calls.go.
//
//goxide:replace package
package runtime
