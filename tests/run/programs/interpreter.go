// An interpreter of a small language: tokenizer, Pratt parser, resolver, closures, classes,
// built-ins, and errors with positions.
package main

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind int

const (
	kEOF kind = iota
	kNumber
	kString
	kName
	kKeyword
	kOperator
)

func (k kind) String() string {
	return [...]string{"end", "number", "string", "name", "keyword", "operator"}[k]
}

type pos struct{ line, col int }

func (p pos) String() string { return fmt.Sprintf("%d:%d", p.line, p.col) }

type token struct {
	kind kind
	text string
	pos  pos
}

type syntaxError struct {
	pos pos
	msg string
}

func (e *syntaxError) Error() string { return fmt.Sprintf("%v: %s", e.pos, e.msg) }

var keywords = map[string]bool{"let": true, "fn": true, "if": true, "else": true, "while": true, "for": true, "in": true, "return": true, "true": true, "false": true, "nil": true, "class": true, "break": true, "continue": true, "try": true, "catch": true, "throw": true}

type lexer struct {
	src  string
	off  int
	line int
	col  int
}

func (l *lexer) next() rune {
	if l.off >= len(l.src) {
		return -1
	}
	r, n := utf8.DecodeRuneInString(l.src[l.off:])
	l.off += n
	l.col++
	if r == '\n' {
		l.line, l.col = l.line+1, 0
	}
	return r
}

func (l *lexer) peek() rune {
	if l.off >= len(l.src) {
		return -1
	}
	r, _ := utf8.DecodeRuneInString(l.src[l.off:])
	return r
}

func (l *lexer) fail(p pos, format string, args ...any) {
	panic(&syntaxError{p, fmt.Sprintf(format, args...)})
}

func (l *lexer) tokens() (list []token) {
	for {
		for unicode.IsSpace(l.peek()) {
			l.next()
		}
		p := pos{l.line, l.col + 1}
		start := l.off
		r := l.next()
		switch {
		case r < 0:
			return append(list, token{kEOF, "", p})
		case r == '#':
			for l.peek() != '\n' && l.peek() >= 0 {
				l.next()
			}
		case unicode.IsDigit(r):
			for unicode.IsDigit(l.peek()) || l.peek() == '_' || l.peek() == '.' && !strings.HasPrefix(l.src[l.off:], "..") {
				l.next()
			}
			list = append(list, token{kNumber, strings.ReplaceAll(l.src[start:l.off], "_", ""), p})
		case unicode.IsLetter(r) || r == '_':
			for unicode.IsLetter(l.peek()) || unicode.IsDigit(l.peek()) || l.peek() == '_' {
				l.next()
			}
			k, text := kName, l.src[start:l.off]
			if keywords[text] {
				k = kKeyword
			}
			list = append(list, token{k, text, p})
		case r == '"':
			list = append(list, token{kString, l.str(p), p})
		default:
			two := string(r) + string(max(l.peek(), 0))
			switch two {
			case "==", "!=", "<=", ">=", "&&", "||", "=>", "+=", "-=", "..":
				l.next()
				list = append(list, token{kOperator, two, p})
			default:
				if !strings.ContainsRune("+-*/%<>=!(){}[],;.:?", r) {
					l.fail(p, "unexpected character %q", r)
				}
				list = append(list, token{kOperator, string(r), p})
			}
		}
	}
}

func (l *lexer) str(p pos) string {
	var b strings.Builder
	for {
		switch r := l.next(); r {
		case -1, '\n':
			l.fail(p, "string is not terminated")
		case '"':
			return b.String()
		case '\\':
			switch e := l.next(); e {
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			case '"', '\\':
				b.WriteRune(e)
			default:
				l.fail(pos{l.line, l.col}, "unknown escape \\%c", e)
			}
		default:
			b.WriteRune(r)
		}
	}
}

// Values: nil, bool, float64, string, *list, *dict, *function, builtin, *class, *object.
type value any
type list struct{ items []value }
type dict struct {
	keys []string
	m    map[string]value
}
type function struct {
	name   string
	params []string
	body   node
	env    *scope
	self   *object
}
type builtin struct {
	name string
	f    func(in *interp, p pos, args []value) value
}
type class struct {
	name    string
	parent  *class
	methods map[string]*function
}
type object struct {
	class  *class
	fields map[string]value
}

func (c *class) find(name string) *function {
	for ; c != nil; c = c.parent {
		if m, ok := c.methods[name]; ok {
			return m
		}
	}
	return nil
}

type scope struct {
	vars   map[string]value
	parent *scope
}

func (s *scope) lookup(name string) (*scope, bool) {
	for ; s != nil; s = s.parent {
		if _, ok := s.vars[name]; ok {
			return s, true
		}
	}
	return nil, false
}

type node interface {
	eval(in *interp, s *scope) value
}
type (
	literal struct{ v value }
	name    struct {
		pos  pos
		name string
	}
	unary struct {
		pos pos
		op  string
		x   node
	}
	binary struct {
		pos  pos
		op   string
		l, r node
	}
	logical struct {
		and  bool
		l, r node
	}
	assign struct {
		pos    pos
		target node
		op     string
		value  node
	}
	let struct {
		name  string
		value node
	}
	block  struct{ stmts []node }
	ifNode struct{ cond, then, els node }
	while  struct{ cond, body node }
	forIn  struct {
		pos  pos
		name string
		seq  node
		body node
	}
	call struct {
		pos  pos
		fn   node
		args []node
	}
	index struct {
		pos  pos
		x, i node
	}
	member struct {
		pos  pos
		x    node
		name string
	}
	listNode struct{ items []node }
	dictNode struct {
		keys, values []node
	}
	fnNode struct {
		name   string
		params []string
		body   node
	}
	classNode struct {
		pos     pos
		name    string
		parent  node
		methods []*fnNode
	}
	returnNode struct{ value node }
	throwNode  struct {
		pos   pos
		value node
	}
	tryNode struct {
		body  node
		name  string
		catch node
	}
	jump struct{ kind string }
)

type parser struct {
	toks []token
	at   int
}

func (p *parser) peek() token { return p.toks[p.at] }
func (p *parser) advance() token {
	t := p.toks[p.at]
	if t.kind != kEOF {
		p.at++
	}
	return t
}
func (p *parser) is(text string) bool {
	t := p.peek()
	return t.text == text && (t.kind == kOperator || t.kind == kKeyword)
}
func (p *parser) accept(text string) bool {
	if p.is(text) {
		p.at++
		return true
	}
	return false
}
func (p *parser) expect(text string) token {
	if !p.is(text) {
		t := p.peek()
		panic(&syntaxError{t.pos, fmt.Sprintf("expected %q, found %v %q", text, t.kind, t.text)})
	}
	return p.advance()
}
func (p *parser) ident() string {
	t := p.advance()
	if t.kind != kName {
		panic(&syntaxError{t.pos, fmt.Sprintf("expected a name, found %v %q", t.kind, t.text)})
	}
	return t.text
}

func (p *parser) program() (b *block) {
	b = &block{}
	for p.peek().kind != kEOF {
		b.stmts = append(b.stmts, p.stmt())
	}
	return b
}

func (p *parser) block() node {
	p.expect("{")
	b := &block{}
	for !p.is("}") && p.peek().kind != kEOF {
		b.stmts = append(b.stmts, p.stmt())
	}
	p.expect("}")
	return b
}

func (p *parser) stmt() node {
	t := p.peek()
	switch {
	case p.accept("let"):
		n := p.ident()
		p.expect("=")
		v := p.expr(0)
		p.accept(";")
		return &let{n, v}
	case p.accept("if"):
		return p.ifStmt()
	case p.accept("while"):
		return &while{p.expr(0), p.block()}
	case p.accept("for"):
		n := p.ident()
		p.expect("in")
		return &forIn{t.pos, n, p.expr(0), p.block()}
	case p.accept("return"):
		var v node = &literal{nil}
		if !p.is("}") && !p.is(";") {
			v = p.expr(0)
		}
		p.accept(";")
		return &returnNode{v}
	case p.accept("throw"):
		v := p.expr(0)
		p.accept(";")
		return &throwNode{t.pos, v}
	case p.accept("try"):
		b := p.block()
		p.expect("catch")
		n := p.ident()
		return &tryNode{b, n, p.block()}
	case p.is("break") || p.is("continue"):
		p.advance()
		p.accept(";")
		return &jump{t.text}
	case p.is("fn") && p.toks[p.at+1].kind == kName:
		p.advance()
		f := p.function(p.ident())
		return &let{f.name, f}
	case p.accept("class"):
		return p.class(t.pos)
	case p.is("{"):
		return p.block()
	}
	e := p.expr(0)
	p.accept(";")
	return e
}

func (p *parser) ifStmt() node {
	n := &ifNode{cond: p.expr(0), then: p.block()}
	if p.accept("else") {
		if p.accept("if") {
			n.els = p.ifStmt()
		} else {
			n.els = p.block()
		}
	}
	return n
}

func (p *parser) function(name string) *fnNode {
	f := &fnNode{name: name}
	p.expect("(")
	for !p.is(")") {
		f.params = append(f.params, p.ident())
		if !p.accept(",") {
			break
		}
	}
	p.expect(")")
	if p.accept("=>") {
		f.body = &returnNode{p.expr(0)}
	} else {
		f.body = p.block()
	}
	return f
}

func (p *parser) class(at pos) node {
	c := &classNode{pos: at, name: p.ident()}
	if p.accept(":") {
		c.parent = p.expr(0)
	}
	p.expect("{")
	for !p.accept("}") {
		p.expect("fn")
		c.methods = append(c.methods, p.function(p.ident()))
	}
	return c
}

var powers = map[string]int{"=": 1, "+=": 1, "-=": 1, "?": 2, "||": 3, "&&": 4, "==": 5, "!=": 5, "<": 6, ">": 6, "<=": 6, ">=": 6, "..": 7, "+": 8, "-": 8, "*": 9, "/": 9, "%": 9, "(": 11, "[": 11, ".": 11}

func (p *parser) expr(min int) node {
	left := p.prefix()
	for {
		t := p.peek()
		power, ok := powers[t.text]
		if t.kind != kOperator || !ok || power <= min {
			return left
		}
		p.advance()
		switch t.text {
		case "=", "+=", "-=":
			switch left.(type) {
			case *name, *index, *member:
			default:
				panic(&syntaxError{t.pos, "cannot assign to this"})
			}
			left = &assign{t.pos, left, t.text, p.expr(0)}
		case "?":
			a := p.expr(0)
			p.expect(":")
			left = &ifNode{left, a, p.expr(1)}
		case "&&", "||":
			left = &logical{t.text == "&&", left, p.expr(power)}
		case "(":
			c := &call{pos: t.pos, fn: left}
			for !p.is(")") {
				c.args = append(c.args, p.expr(0))
				if !p.accept(",") {
					break
				}
			}
			p.expect(")")
			left = c
		case "[":
			left = &index{t.pos, left, p.expr(0)}
			p.expect("]")
		case ".":
			left = &member{t.pos, left, p.ident()}
		default:
			left = &binary{t.pos, t.text, left, p.expr(power)}
		}
	}
}

func (p *parser) prefix() node {
	t := p.advance()
	switch t.kind {
	case kNumber:
		f, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			panic(&syntaxError{t.pos, "bad number " + t.text})
		}
		return &literal{f}
	case kString:
		return &literal{t.text}
	case kName:
		return &name{t.pos, t.text}
	}
	switch t.text {
	case "true", "false":
		return &literal{t.text == "true"}
	case "nil":
		return &literal{nil}
	case "fn":
		return p.function("anonymous")
	case "-", "!":
		return &unary{t.pos, t.text, p.expr(10)}
	case "(":
		e := p.expr(0)
		p.expect(")")
		return e
	case "[":
		l := &listNode{}
		for !p.is("]") {
			l.items = append(l.items, p.expr(0))
			if !p.accept(",") {
				break
			}
		}
		p.expect("]")
		return l
	case "{":
		d := &dictNode{}
		for !p.is("}") {
			k := p.advance()
			if k.kind != kName && k.kind != kString {
				panic(&syntaxError{k.pos, "a key must be a name or a string"})
			}
			p.expect(":")
			d.keys = append(d.keys, &literal{k.text})
			d.values = append(d.values, p.expr(0))
			if !p.accept(",") {
				break
			}
		}
		p.expect("}")
		return d
	}
	panic(&syntaxError{t.pos, fmt.Sprintf("unexpected %v %q", t.kind, t.text)})
}

type interp struct {
	out    strings.Builder
	global *scope
	depth  int
	steps  int
	flow   string
	result value
}

type thrown struct {
	pos   pos
	value value
}

func (t *thrown) Error() string { return fmt.Sprintf("%v: uncaught %s", t.pos, show(t.value)) }

func (in *interp) fail(p pos, format string, args ...any) {
	panic(&thrown{p, fmt.Sprintf(format, args...)})
}

func truthy(v value) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case float64:
		return v != 0
	case string:
		return v != ""
	}
	return true
}

func show(v value) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'g', 12, 64)
	case string:
		return v
	case *list:
		var parts []string
		for _, x := range v.items {
			parts = append(parts, show(x))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case *dict:
		var parts []string
		for _, k := range v.keys {
			parts = append(parts, k+": "+show(v.m[k]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case *function:
		return "<fn " + v.name + ">"
	case *builtin:
		return "<builtin " + v.name + ">"
	case *class:
		return "<class " + v.name + ">"
	case *object:
		return "<" + v.class.name + ">"
	}
	return fmt.Sprintf("<%T>", v)
}

func (n *literal) eval(in *interp, s *scope) value { return n.v }
func (n *name) eval(in *interp, s *scope) value {
	if s, ok := s.lookup(n.name); ok {
		return s.vars[n.name]
	}
	in.fail(n.pos, "undefined: %s", n.name)
	return nil
}
func (n *unary) eval(in *interp, s *scope) value {
	v := n.x.eval(in, s)
	if n.op == "!" {
		return !truthy(v)
	}
	f, ok := v.(float64)
	if !ok {
		in.fail(n.pos, "cannot negate %s", show(v))
	}
	return -f
}
func (n *logical) eval(in *interp, s *scope) value {
	l := n.l.eval(in, s)
	if truthy(l) != n.and {
		return l
	}
	return n.r.eval(in, s)
}
func (n *binary) eval(in *interp, s *scope) value {
	return in.operate(n.pos, n.op, n.l.eval(in, s), n.r.eval(in, s))
}
func (in *interp) operate(p pos, op string, l, r value) value {
	switch op {
	case "==":
		return l == r
	case "!=":
		return l != r
	}
	if a, ok := l.(string); ok {
		switch op {
		case "+":
			return a + show(r)
		case "*":
			if n, ok := r.(float64); ok {
				return strings.Repeat(a, int(n))
			}
		case "<":
			if b, ok := r.(string); ok {
				return a < b
			}
		}
	}
	if a, ok := l.(*list); ok && op == "+" {
		if b, ok := r.(*list); ok {
			return &list{append(append([]value{}, a.items...), b.items...)}
		}
	}
	a, ok1 := l.(float64)
	b, ok2 := r.(float64)
	if !ok1 || !ok2 {
		in.fail(p, "operator %s is not for %s and %s", op, show(l), show(r))
	}
	switch op {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	case "/":
		if b == 0 {
			in.fail(p, "division by zero")
		}
		return a / b
	case "%":
		return math.Mod(a, b)
	case "<":
		return a < b
	case ">":
		return a > b
	case "<=":
		return a <= b
	case ">=":
		return a >= b
	case "..":
		l := &list{}
		for x := a; x < b; x++ {
			l.items = append(l.items, x)
		}
		return l
	}
	panic("unreachable")
}
func (n *assign) eval(in *interp, s *scope) value {
	v := n.value.eval(in, s)
	if n.op != "=" {
		v = in.operate(n.pos, n.op[:1], n.target.eval(in, s), v)
	}
	switch t := n.target.(type) {
	case *name:
		owner, ok := s.lookup(t.name)
		if !ok {
			in.fail(n.pos, "undefined: %s", t.name)
		}
		owner.vars[t.name] = v
	case *index:
		switch x := t.x.eval(in, s).(type) {
		case *list:
			x.items[in.offset(t.pos, t.i.eval(in, s), len(x.items))] = v
		case *dict:
			x.set(show(t.i.eval(in, s)), v)
		default:
			in.fail(t.pos, "cannot index %s", show(x))
		}
	case *member:
		switch x := t.x.eval(in, s).(type) {
		case *object:
			x.fields[t.name] = v
		case *dict:
			x.set(t.name, v)
		default:
			in.fail(t.pos, "%s has no fields", show(x))
		}
	}
	return v
}
func (d *dict) set(k string, v value) {
	if _, ok := d.m[k]; !ok {
		d.keys = append(d.keys, k)
	}
	d.m[k] = v
}
func (in *interp) offset(p pos, i value, n int) int {
	f, ok := i.(float64)
	if ok && f < 0 {
		f += float64(n)
	}
	if !ok || f < 0 || int(f) >= n {
		in.fail(p, "index %s is out of range of %d", show(i), n)
	}
	return int(f)
}
func (n *let) eval(in *interp, s *scope) value {
	s.vars[n.name] = nil
	s.vars[n.name] = n.value.eval(in, s)
	return nil
}
func (n *block) eval(in *interp, s *scope) value {
	inner := &scope{map[string]value{}, s}
	if s == nil {
		inner = in.global
	}
	var last value
	for _, st := range n.stmts {
		in.steps++
		last = st.eval(in, inner)
		if in.flow != "" {
			return nil
		}
	}
	return last
}
func (n *ifNode) eval(in *interp, s *scope) value {
	if truthy(n.cond.eval(in, s)) {
		return n.then.eval(in, s)
	}
	if n.els != nil {
		return n.els.eval(in, s)
	}
	return nil
}

// loop tells whether a loop must end after its body ran.
func (in *interp) loop() bool {
	switch in.flow {
	case "continue":
		in.flow = ""
	case "break":
		in.flow = ""
		return true
	case "return":
		return true
	}
	return false
}
func (n *while) eval(in *interp, s *scope) value {
	for truthy(n.cond.eval(in, s)) {
		n.body.eval(in, s)
		if in.loop() {
			break
		}
	}
	return nil
}
func (n *forIn) eval(in *interp, s *scope) value {
	var items []value
	switch v := n.seq.eval(in, s).(type) {
	case *list:
		items = v.items
	case *dict:
		for _, k := range v.keys {
			items = append(items, k)
		}
	case string:
		for _, r := range v {
			items = append(items, string(r))
		}
	default:
		in.fail(n.pos, "cannot iterate over %s", show(v))
	}
	for _, x := range items {
		n.body.eval(in, &scope{map[string]value{n.name: x}, s})
		if in.loop() {
			break
		}
	}
	return nil
}
func (n *call) eval(in *interp, s *scope) value {
	f := n.fn.eval(in, s)
	var args []value
	for _, a := range n.args {
		args = append(args, a.eval(in, s))
	}
	return in.call(n.pos, f, args)
}
func (in *interp) call(p pos, f value, args []value) value {
	switch f := f.(type) {
	case *builtin:
		return f.f(in, p, args)
	case *function:
		if len(args) != len(f.params) {
			in.fail(p, "%s takes %d arguments, not %d", f.name, len(f.params), len(args))
		}
		if in.depth++; in.depth > 2000 {
			in.depth = 0
			in.fail(p, "too deep")
		}
		defer func() { in.depth-- }()
		s := &scope{map[string]value{}, f.env}
		if f.self != nil {
			s.vars["self"] = f.self
		}
		for i, name := range f.params {
			s.vars[name] = args[i]
		}
		f.body.eval(in, s)
		r := in.result
		in.result = nil
		if in.flow == "return" {
			in.flow = ""
		}
		return r
	case *class:
		o := &object{f, map[string]value{}}
		if m := f.find("init"); m != nil {
			bound := *m
			bound.self = o
			in.call(p, &bound, args)
		}
		return o
	}
	in.fail(p, "%s cannot be called", show(f))
	return nil
}
func (n *index) eval(in *interp, s *scope) value {
	switch x := n.x.eval(in, s).(type) {
	case *list:
		return x.items[in.offset(n.pos, n.i.eval(in, s), len(x.items))]
	case *dict:
		return x.m[show(n.i.eval(in, s))]
	case string:
		r := []rune(x)
		return string(r[in.offset(n.pos, n.i.eval(in, s), len(r))])
	default:
		in.fail(n.pos, "cannot index %s", show(x))
	}
	return nil
}
func (n *member) eval(in *interp, s *scope) value {
	switch x := n.x.eval(in, s).(type) {
	case *object:
		if v, ok := x.fields[n.name]; ok {
			return v
		}
		if m := x.class.find(n.name); m != nil {
			bound := *m
			bound.self = x
			return &bound
		}
	case *dict:
		if v, ok := x.m[n.name]; ok {
			return v
		}
	case *list:
		switch n.name {
		case "push":
			return &builtin{"push", func(in *interp, p pos, args []value) value {
				x.items = append(x.items, args...)
				return x
			}}
		case "len":
			return float64(len(x.items))
		}
	}
	in.fail(n.pos, "no member %s", n.name)
	return nil
}
func (n *listNode) eval(in *interp, s *scope) value {
	l := &list{}
	for _, x := range n.items {
		l.items = append(l.items, x.eval(in, s))
	}
	return l
}
func (n *dictNode) eval(in *interp, s *scope) value {
	d := &dict{m: map[string]value{}}
	for i := range n.keys {
		d.set(n.keys[i].eval(in, s).(string), n.values[i].eval(in, s))
	}
	return d
}
func (n *fnNode) eval(in *interp, s *scope) value {
	return &function{n.name, n.params, n.body, s, nil}
}
func (n *classNode) eval(in *interp, s *scope) value {
	c := &class{name: n.name, methods: map[string]*function{}}
	if n.parent != nil {
		p, ok := n.parent.eval(in, s).(*class)
		if !ok {
			in.fail(n.pos, "the parent of %s is no class", n.name)
		}
		c.parent = p
	}
	for _, m := range n.methods {
		c.methods[m.name] = m.eval(in, s).(*function)
	}
	s.vars[n.name] = c
	return nil
}
func (n *returnNode) eval(in *interp, s *scope) value {
	in.result = n.value.eval(in, s)
	in.flow = "return"
	return nil
}
func (n *jump) eval(in *interp, s *scope) value { in.flow = n.kind; return nil }
func (n *throwNode) eval(in *interp, s *scope) value {
	panic(&thrown{n.pos, n.value.eval(in, s)})
}
func (n *tryNode) eval(in *interp, s *scope) value {
	t := func() (t *thrown) {
		defer func() {
			if r := recover(); r != nil {
				var ok bool
				if t, ok = r.(*thrown); !ok {
					panic(r)
				}
			}
		}()
		n.body.eval(in, s)
		return nil
	}()
	if t != nil {
		n.catch.eval(in, &scope{map[string]value{n.name: t.value}, s})
	}
	return nil
}

func run(src string) (out string, err error) {
	in := &interp{global: &scope{vars: map[string]value{}}}
	def := func(name string, f func(in *interp, p pos, args []value) value) {
		in.global.vars[name] = &builtin{name, f}
	}
	def("print", func(in *interp, p pos, args []value) value {
		for i, a := range args {
			if i > 0 {
				in.out.WriteByte(' ')
			}
			in.out.WriteString(show(a))
		}
		in.out.WriteByte('\n')
		return nil
	})
	def("len", func(in *interp, p pos, args []value) value {
		switch x := args[0].(type) {
		case string:
			return float64(utf8.RuneCountInString(x))
		case *list:
			return float64(len(x.items))
		case *dict:
			return float64(len(x.keys))
		}
		in.fail(p, "no length")
		return nil
	})
	def("sqrt", func(in *interp, p pos, args []value) value { return math.Sqrt(args[0].(float64)) })
	def("sort", func(in *interp, p pos, args []value) value {
		l := &list{append([]value{}, args[0].(*list).items...)}
		sort.SliceStable(l.items, func(i, j int) bool {
			if len(args) > 1 {
				return truthy(in.call(p, args[1], []value{l.items[i], l.items[j]}))
			}
			return truthy(in.operate(p, "<", l.items[i], l.items[j]))
		})
		return l
	})
	def("map", func(in *interp, p pos, args []value) value {
		l := &list{}
		for _, x := range args[0].(*list).items {
			l.items = append(l.items, in.call(p, args[1], []value{x}))
		}
		return l
	})
	defer func() {
		out = in.out.String()
		switch r := recover().(type) {
		case nil:
		case error:
			var se *syntaxError
			var t *thrown
			if !errors.As(r, &se) && !errors.As(r, &t) {
				panic(r)
			}
			err = r
		default:
			panic(r)
		}
	}()
	p := &parser{toks: (&lexer{src: src, line: 1}).tokens()}
	prog := p.program()
	prog.eval(in, nil)
	return
}

var programs = []string{`
fn fib(n) { if n < 2 { return n } return fib(n-1) + fib(n-2) }
print("fib", map(0..15, fib), fib(21))
`, `
fn counter() { let n = 0; return fn() { n += 1; return n } }
let a = counter(); let b = counter()
a() a() print(a(), b(), a(), counter)
`, `
class Shape { fn init(name) { self.name = name } fn area() => 0 fn describe() => self.name + " has area " + self.area() }
class Circle : Shape { fn init(r) { self.name = "circle"; self.r = r } fn area() => 3.14159 * self.r * self.r }
class Square : Shape { fn init(s) { self.name = "square" self.s = s } fn area() => self.s * self.s }
for s in [Circle(2), Square(3), Shape("blob")] { print(s.describe(), s) }
let m = Square(5).area; print(m(), m)
`, `
let primes = []
let n = 2
while primes.len < 30 {
  let ok = true
  for p in primes { if p*p > n { break } if n % p == 0 { ok = false; break } }
  if ok { primes.push(n) }
  n += 1
}
print(primes, primes[-1])
let d = {one: 1, "two words": [2, {x: nil}]}
d.three = 3; d["four"] = 4
for k in d { print(k, d[k]) }
print(len(d), len("日本語"), "日本語"[1], sort(["pear", "apple", "fig"], fn(a, b) => len(a) < len(b)), sort([3, 1, 2]))
`, `
fn safe(f) { try { return f() } catch e { return "caught: " + e } }
print(safe(fn() => 1/0))
print(safe(fn() => undefinedThing))
print(safe(fn() => [1,2][5]))
print(safe(fn() { throw {code: 7} }))
print(safe(fn() => nil.x), safe(fn() => 5(1)), safe(fn() => safe(1, 2)), safe(fn() => -"s"))
fn forever(n) => forever(n+1)
print(safe(fn() => forever(0)))
try { try { throw "inner" } catch e { throw "outer after " + e } } catch e { print(e) }
print(1 < 2 && "yes" || "no", nil || 5, !0, 2 > 1 ? "a" : "b", "ab" * 3, [1] + [2])
`, `
fn hanoi(n, a, b, c) { if n == 0 { return 0 } return hanoi(n-1, a, c, b) + 1 + hanoi(n-1, c, b, a) }
print(hanoi(10, "a", "b", "c"))
let grid = map(0..8, fn(i) => map(0..8, fn(j) => (i + j) % 3))
for row in grid { let s = ""; for c in row { if c == 1 { continue } s += c } print(s) }
let x = 2; for i in 0..5 { x = x * x % 1000007 } print(x, sqrt(2), 0.1 + 0.2, 1_000_000)
`, `let x = `, `print("open`, "let y = 3 $ 4", `1 = 2`, `fn (`, `print(1`, `{a 1}`, `class X : 5 {}`, `"bad \q"`, `throw [1, "two"]`, `for x in 5 {}`}

func main() {
	for i, src := range programs {
		out, err := run(src)
		fmt.Printf("-- %d\n%s", i, out)
		if err != nil {
			fmt.Println("error:", err)
		}
	}
}
