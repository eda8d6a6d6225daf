// Package p has unexported names that main has too.
package p

import "fmt"

// Base has an unexported field and method.
type Base struct{ field string }

// Secretive has a method that only this package can declare.
type Secretive interface {
	secret() string
	Public() string
}

// New makes one.
func New(s string) Base { return Base{s} }

func (b Base) secret() string { return "p's secret of " + b.field }

// Public is promoted.
func (b Base) Public() string { return "public " + b.secret() }

// Field gives the field.
func (b Base) Field() string { return b.field }

// Call calls the unexported method of what is passed.
func Call(s Secretive) string { return s.secret() }

// CallInterface does too.
func CallInterface(s Secretive) string { return fmt.Sprint(s.secret(), "/", s.Public()) }

// Is tells whether a value has the method.
func Is(v any) bool { _, ok := v.(interface{ secret() string }); return ok }

// Anonymous has a field of this package.
func Anonymous() any { return struct{ a int }{1} }

// Exported has one that is the same everywhere.
func Exported() any { return struct{ A int }{1} }

type hidden struct {
	n       int
	Exposed string
}

func (h *hidden) Set(n int) { h.n = n; h.Exposed = fmt.Sprint("exposed ", n) }
func (h *hidden) Get() int  { return h.n }

// Hidden embeds an unexported type.
type Hidden struct{ *hidden }

// NewHidden makes one.
func NewHidden(n int) Hidden { return Hidden{&hidden{n: n}} }
