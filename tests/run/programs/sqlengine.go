// A small SQL engine in memory: tokenizer, parser, planner with index lookup, joins, grouping,
// ordering, transactions by copy, and errors.
package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

type datum any // nil, int64, float64, string, bool

func compare(a, b datum) int {
	rank := func(d datum) int {
		switch d.(type) {
		case nil:
			return 0
		case bool:
			return 1
		case int64, float64:
			return 2
		}
		return 3
	}
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	switch x := a.(type) {
	case bool:
		y := b.(bool)
		switch {
		case x == y:
			return 0
		case y:
			return -1
		}
		return 1
	case string:
		return strings.Compare(x, b.(string))
	case nil:
		return 0
	}
	return cmp.Compare(number(a), number(b))
}

func number(d datum) float64 {
	switch x := d.(type) {
	case int64:
		return float64(x)
	case float64:
		return x
	}
	return 0
}

func text(d datum) string {
	switch x := d.(type) {
	case nil:
		return "NULL"
	case float64:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
	return fmt.Sprint(d)
}

type column struct {
	name string
	typ  string
	pk   bool
}
type row []datum
type table struct {
	name    string
	cols    []column
	rows    []row
	indexes map[string]map[datum][]int
}

func (t *table) col(name string) int {
	return slices.IndexFunc(t.cols, func(c column) bool { return strings.EqualFold(c.name, name) })
}

func (t *table) clone() *table {
	c := *t
	c.rows = make([]row, len(t.rows))
	for i, r := range t.rows {
		c.rows[i] = slices.Clone(r)
	}
	c.indexes = map[string]map[datum][]int{}
	for k := range t.indexes {
		c.buildIndex(k)
	}
	return &c
}

func (t *table) buildIndex(name string) {
	if t.indexes == nil {
		t.indexes = map[string]map[datum][]int{}
	}
	ix := map[datum][]int{}
	at := t.col(name)
	for i, r := range t.rows {
		ix[r[at]] = append(ix[r[at]], i)
	}
	t.indexes[name] = ix
}

type database struct {
	tables map[string]*table
	saved  []map[string]*table
	scans  int
	seeks  int
}

type sqlError string

func (e sqlError) Error() string { return string(e) }
func fail(format string, args ...any) {
	panic(sqlError(fmt.Sprintf(format, args...)))
}

type tok struct {
	kind byte // w word, n number, s string, o operator, 0 end
	text string
}

func lex(src string) (out []tok) {
	isWord := func(c byte) bool {
		return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
	}
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case c == ' ' || c == '\n' || c == '\t':
			i++
		case c == '\'':
			var b strings.Builder
			for i++; ; i++ {
				if i >= len(src) {
					fail("unterminated string")
				}
				if src[i] == '\'' {
					if i+1 < len(src) && src[i+1] == '\'' {
						i++
					} else {
						break
					}
				}
				b.WriteByte(src[i])
			}
			i++
			out = append(out, tok{'s', b.String()})
		case c >= '0' && c <= '9':
			j := i
			for j < len(src) && (isWord(src[j]) || src[j] == '.') {
				j++
			}
			out = append(out, tok{'n', src[i:j]})
			i = j
		case isWord(c):
			j := i
			for j < len(src) && isWord(src[j]) {
				j++
			}
			out = append(out, tok{'w', src[i:j]})
			i = j
		default:
			n := 1
			if i+1 < len(src) && slices.Contains([]string{"<=", ">=", "<>", "!=", "||"}, src[i:i+2]) {
				n = 2
			}
			if !strings.ContainsRune("()*,.=<>+-/%;!|", rune(c)) {
				fail("unexpected %q", c)
			}
			out = append(out, tok{'o', src[i : i+n]})
			i += n
		}
	}
	return append(out, tok{})
}

// Expressions are compiled to functions of an environment.
type env struct {
	cols   []string // qualified names
	vals   row
	groups []row // rows of the group for aggregates
}
type expr struct {
	label string
	agg   bool
	f     func(e *env) datum
}

type parser struct {
	toks []tok
	at   int
}

func (p *parser) peek() tok { return p.toks[p.at] }
func (p *parser) next() tok { t := p.toks[p.at]; p.at++; return t }
func (p *parser) word(w string) bool {
	if t := p.peek(); t.kind == 'w' && strings.EqualFold(t.text, w) {
		p.at++
		return true
	}
	return false
}
func (p *parser) op(o string) bool {
	if t := p.peek(); t.kind == 'o' && t.text == o {
		p.at++
		return true
	}
	return false
}
func (p *parser) need(what string) {
	if !p.word(what) && !p.op(what) {
		fail("expected %s near %q", what, p.peek().text)
	}
}
func (p *parser) ident() string {
	if t := p.next(); t.kind == 'w' {
		return t.text
	}
	p.at--
	fail("expected a name near %q", p.peek().text)
	return ""
}

func (e *env) lookup(name string) int {
	found := -1
	for i, c := range e.cols {
		if strings.EqualFold(c, name) || !strings.Contains(name, ".") && strings.EqualFold(c[strings.Index(c, ".")+1:], name) {
			if found >= 0 {
				fail("ambiguous column %s", name)
			}
			found = i
		}
	}
	if found < 0 {
		fail("no such column: %s", name)
	}
	return found
}

func binary(label string, a, b expr, f func(x, y datum) datum) expr {
	return expr{label, a.agg || b.agg, func(e *env) datum { return f(a.f(e), b.f(e)) }}
}

func (p *parser) or() expr {
	l := p.and()
	for p.word("or") {
		l = binary(l.label, l, p.and(), func(x, y datum) datum { return x == true || y == true })
	}
	return l
}
func (p *parser) and() expr {
	l := p.not()
	for p.word("and") {
		l = binary(l.label, l, p.not(), func(x, y datum) datum { return x == true && y == true })
	}
	return l
}
func (p *parser) not() expr {
	if p.word("not") {
		x := p.not()
		return expr{"not", x.agg, func(e *env) datum { return x.f(e) != true }}
	}
	return p.comparison()
}
func (p *parser) comparison() expr {
	l := p.sum()
	if p.word("is") {
		neg := p.word("not")
		p.need("null")
		return expr{l.label, l.agg, func(e *env) datum { return (l.f(e) == nil) != neg }}
	}
	neg := p.word("not")
	switch {
	case p.word("in"):
		p.need("(")
		var items []expr
		for {
			items = append(items, p.or())
			if !p.op(",") {
				break
			}
		}
		p.need(")")
		return expr{l.label, l.agg, func(e *env) datum {
			v := l.f(e)
			return slices.ContainsFunc(items, func(x expr) bool { return compare(v, x.f(e)) == 0 }) != neg
		}}
	case p.word("like"):
		return binary(l.label, l, p.sum(), func(x, y datum) datum { return like(text(x), text(y)) != neg })
	case p.word("between"):
		lo := p.sum()
		p.need("and")
		hi := p.sum()
		return expr{l.label, l.agg, func(e *env) datum {
			v := l.f(e)
			return (compare(v, lo.f(e)) >= 0 && compare(v, hi.f(e)) <= 0) != neg
		}}
	}
	for _, o := range []string{"=", "<>", "!=", "<=", ">=", "<", ">"} {
		if p.op(o) {
			return binary(l.label, l, p.sum(), func(x, y datum) datum {
				if x == nil || y == nil {
					return nil
				}
				c := compare(x, y)
				switch o {
				case "=":
					return c == 0
				case "<>", "!=":
					return c != 0
				case "<=":
					return c <= 0
				case ">=":
					return c >= 0
				case "<":
					return c < 0
				}
				return c > 0
			})
		}
	}
	return l
}

func like(s, pat string) bool {
	if pat == "" {
		return s == ""
	}
	if pat[0] == '%' {
		return like(s, pat[1:]) || s != "" && like(s[1:], pat)
	}
	return s != "" && (pat[0] == '_' || pat[0] == s[0]) && like(s[1:], pat[1:])
}

func (p *parser) sum() expr {
	l := p.product()
	for {
		switch {
		case p.op("+"):
			l = binary(l.label, l, p.product(), func(x, y datum) datum { return arith('+', x, y) })
		case p.op("-"):
			l = binary(l.label, l, p.product(), func(x, y datum) datum { return arith('-', x, y) })
		case p.op("||"):
			l = binary(l.label, l, p.product(), func(x, y datum) datum { return text(x) + text(y) })
		default:
			return l
		}
	}
}
func (p *parser) product() expr {
	l := p.primary()
	for {
		switch {
		case p.op("*"):
			l = binary(l.label, l, p.primary(), func(x, y datum) datum { return arith('*', x, y) })
		case p.op("/"):
			l = binary(l.label, l, p.primary(), func(x, y datum) datum { return arith('/', x, y) })
		default:
			return l
		}
	}
}
func arith(op byte, x, y datum) datum {
	if x == nil || y == nil {
		return nil
	}
	a, ok1 := x.(int64)
	b, ok2 := y.(int64)
	if ok1 && ok2 {
		switch op {
		case '+':
			return a + b
		case '-':
			return a - b
		case '*':
			return a * b
		}
		if b == 0 {
			return nil
		}
		return a / b
	}
	f, g := number(x), number(y)
	switch op {
	case '+':
		return f + g
	case '-':
		return f - g
	case '*':
		return f * g
	}
	return f / g
}

func (p *parser) primary() expr {
	t := p.next()
	switch t.kind {
	case 'n':
		if i, err := strconv.ParseInt(t.text, 10, 64); err == nil {
			return expr{t.text, false, func(*env) datum { return i }}
		}
		f, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			fail("bad number %s", t.text)
		}
		return expr{t.text, false, func(*env) datum { return f }}
	case 's':
		return expr{"'" + t.text + "'", false, func(*env) datum { return t.text }}
	case 'o':
		switch t.text {
		case "(":
			e := p.or()
			p.need(")")
			return e
		case "-":
			e := p.primary()
			return expr{"-" + e.label, e.agg, func(v *env) datum { return arith('-', int64(0), e.f(v)) }}
		}
	case 'w':
		switch low := strings.ToLower(t.text); low {
		case "null":
			return expr{"null", false, func(*env) datum { return nil }}
		case "true", "false":
			return expr{low, false, func(*env) datum { return low == "true" }}
		case "count", "sum", "avg", "min", "max":
			if p.op("(") {
				return p.aggregate(low)
			}
		case "upper", "length":
			if p.op("(") {
				x := p.or()
				p.need(")")
				return expr{low + "(" + x.label + ")", x.agg, func(e *env) datum {
					if low == "upper" {
						return strings.ToUpper(text(x.f(e)))
					}
					return int64(len(text(x.f(e))))
				}}
			}
		}
		name := t.text
		if p.op(".") {
			name += "." + p.ident()
		}
		return expr{name, false, func(e *env) datum { return e.vals[e.lookup(name)] }}
	}
	fail("unexpected %q", t.text)
	return expr{}
}

func (p *parser) aggregate(fn string) expr {
	if p.op("*") {
		p.need(")")
		return expr{fn + "(*)", true, func(e *env) datum { return int64(len(e.groups)) }}
	}
	distinct := p.word("distinct")
	x := p.or()
	p.need(")")
	return expr{fn + "(" + x.label + ")", true, func(e *env) datum {
		var vals []datum
		seen := map[datum]bool{}
		for _, r := range e.groups {
			v := x.f(&env{cols: e.cols, vals: r})
			if v == nil || distinct && seen[v] {
				continue
			}
			seen[v] = true
			vals = append(vals, v)
		}
		if fn == "count" {
			return int64(len(vals))
		}
		if len(vals) == 0 {
			return nil
		}
		switch fn {
		case "min":
			return slices.MinFunc(vals, compare)
		case "max":
			return slices.MaxFunc(vals, compare)
		}
		var total datum = int64(0)
		for _, v := range vals {
			total = arith('+', total, v)
		}
		if fn == "avg" {
			return number(total) / float64(len(vals))
		}
		return total
	}}
}

func (db *database) table(name string) *table {
	t := db.tables[strings.ToLower(name)]
	if t == nil {
		fail("no such table: %s", name)
	}
	return t
}

func (db *database) exec(src string) (out string, err error) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(sqlError)
			if !ok {
				panic(r)
			}
			err = e
		}
	}()
	p := &parser{toks: lex(src)}
	switch {
	case p.word("create"):
		out = db.create(p)
	case p.word("insert"):
		out = db.insert(p)
	case p.word("select"):
		out = db.query(p)
	case p.word("update"):
		out = db.change(p, true)
	case p.word("delete"):
		p.need("from")
		out = db.change(p, false)
	case p.word("begin"):
		snap := map[string]*table{}
		for k, t := range db.tables {
			snap[k] = t.clone()
		}
		db.saved = append(db.saved, snap)
		out = "begun"
	case p.word("commit"), p.word("rollback"):
		n := len(db.saved) - 1
		if n < 0 {
			fail("no transaction")
		}
		if strings.EqualFold(p.toks[0].text, "rollback") {
			db.tables = db.saved[n]
		}
		db.saved = db.saved[:n]
		out = strings.ToLower(p.toks[0].text)
	case p.word("explain"):
		scans, seeks := db.scans, db.seeks
		p.need("select")
		db.query(p)
		out = fmt.Sprintf("scans %d seeks %d", db.scans-scans, db.seeks-seeks)
	default:
		fail("unknown statement %q", p.peek().text)
	}
	p.op(";")
	if p.peek().kind != 0 {
		fail("unexpected %q after the statement", p.peek().text)
	}
	return
}

func (db *database) create(p *parser) string {
	if p.word("index") {
		p.need("on")
		t := db.table(p.ident())
		p.need("(")
		c := p.ident()
		p.need(")")
		if t.col(c) < 0 {
			fail("no such column: %s", c)
		}
		t.buildIndex(t.cols[t.col(c)].name)
		return "index on " + c
	}
	p.need("table")
	t := &table{name: p.ident()}
	if db.tables[strings.ToLower(t.name)] != nil {
		fail("table %s exists", t.name)
	}
	p.need("(")
	for {
		c := column{name: p.ident(), typ: strings.ToLower(p.ident())}
		if p.word("primary") {
			p.need("key")
			c.pk = true
		}
		t.cols = append(t.cols, c)
		if !p.op(",") {
			break
		}
	}
	p.need(")")
	for _, c := range t.cols {
		if c.pk {
			t.buildIndex(c.name)
		}
	}
	db.tables[strings.ToLower(t.name)] = t
	return "table " + t.name
}

func (db *database) insert(p *parser) string {
	p.need("into")
	t := db.table(p.ident())
	p.need("values")
	n := 0
	for {
		p.need("(")
		var r row
		for {
			r = append(r, p.or().f(&env{}))
			if !p.op(",") {
				break
			}
		}
		p.need(")")
		if len(r) != len(t.cols) {
			fail("%s has %d columns, not %d", t.name, len(t.cols), len(r))
		}
		for i, c := range t.cols {
			ok := r[i] == nil
			switch r[i].(type) {
			case int64:
				ok = c.typ == "int" || c.typ == "real"
			case float64:
				ok = c.typ == "real"
			case string:
				ok = c.typ == "text"
			case bool:
				ok = c.typ == "bool"
			}
			if !ok {
				fail("%s.%s is %s, not %s", t.name, c.name, c.typ, text(r[i]))
			}
			if c.pk && len(t.indexes[c.name][r[i]]) > 0 {
				fail("duplicate key %s in %s", text(r[i]), t.name)
			}
		}
		for name, ix := range t.indexes {
			v := r[t.col(name)]
			ix[v] = append(ix[v], len(t.rows))
		}
		t.rows = append(t.rows, r)
		n++
		if !p.op(",") {
			return fmt.Sprint(n, " rows")
		}
	}
}

func (t *table) names(as string) (out []string) {
	for _, c := range t.cols {
		out = append(out, as+"."+c.name)
	}
	return
}

func (db *database) change(p *parser, update bool) string {
	t := db.table(p.ident())
	type set struct {
		col int
		e   expr
	}
	var sets []set
	if update {
		p.need("set")
		for {
			name := p.ident()
			p.need("=")
			if t.col(name) < 0 {
				fail("no such column: %s", name)
			}
			sets = append(sets, set{t.col(name), p.or()})
			if !p.op(",") {
				break
			}
		}
	}
	where := expr{"", false, func(*env) datum { return true }}
	if p.word("where") {
		where = p.or()
	}
	n := 0
	var kept []row
	for _, r := range t.rows {
		e := &env{cols: t.names(t.name), vals: r}
		if where.f(e) != true {
			kept = append(kept, r)
			continue
		}
		n++
		if update {
			fresh := slices.Clone(r)
			for _, s := range sets {
				fresh[s.col] = s.e.f(e)
			}
			kept = append(kept, fresh)
		}
	}
	t.rows = kept
	for name := range t.indexes {
		t.buildIndex(name)
	}
	return fmt.Sprint(n, " rows")
}

func (db *database) query(p *parser) string {
	distinct := p.word("distinct")
	var cols []expr
	star := false
	for {
		if p.op("*") {
			star = true
		} else {
			e := p.or()
			if p.word("as") {
				e.label = p.ident()
			}
			cols = append(cols, e)
		}
		if !p.op(",") {
			break
		}
	}
	e := &env{vals: row{}}
	rows := []row{{}}
	if p.word("from") {
		e.cols, rows = db.from(p)
	}
	if p.word("where") {
		w := p.or()
		rows = slices.DeleteFunc(rows, func(r row) bool { e.vals = r; return w.f(e) != true })
	}
	if star {
		for i, c := range e.cols {
			cols = append(cols, expr{c[strings.Index(c, ".")+1:], false, func(e *env) datum { return e.vals[i] }})
		}
	}
	var groupBy, orderBy []expr
	var having *expr
	var desc []bool
	if p.word("group") {
		p.need("by")
		for ok := true; ok; ok = p.op(",") {
			groupBy = append(groupBy, p.or())
		}
	}
	if p.word("having") {
		h := p.or()
		having = &h
	}
	if p.word("order") {
		p.need("by")
		for ok := true; ok; ok = p.op(",") {
			o := p.or()
			if i, err := strconv.Atoi(o.label); err == nil && i <= len(cols) {
				o = cols[i-1]
			}
			if i := slices.IndexFunc(cols, func(c expr) bool { return c.label == o.label }); i >= 0 {
				o = cols[i]
			}
			orderBy = append(orderBy, o)
			desc = append(desc, p.word("desc"))
		}
	}
	limit := -1
	if p.word("limit") {
		limit, _ = strconv.Atoi(p.next().text)
	}
	grouped := len(groupBy) > 0 || slices.ContainsFunc(cols, func(c expr) bool { return c.agg })
	type outRow struct{ key, vals row }
	var out []outRow
	emit := func(e *env) {
		if having != nil && having.f(e) != true {
			return
		}
		var o outRow
		for _, c := range cols {
			o.vals = append(o.vals, c.f(e))
		}
		for _, c := range orderBy {
			o.key = append(o.key, c.f(e))
		}
		out = append(out, o)
	}
	if grouped {
		groups := map[string][]row{}
		var order []string
		if len(groupBy) == 0 {
			order, groups[""] = []string{""}, rows
		}
		for _, r := range rows {
			if len(groupBy) == 0 {
				break
			}
			k := ""
			for _, g := range groupBy {
				k += fmt.Sprintf("%T%v|", g.f(&env{cols: e.cols, vals: r}), g.f(&env{cols: e.cols, vals: r}))
			}
			if groups[k] == nil {
				order = append(order, k)
			}
			groups[k] = append(groups[k], r)
		}
		for _, k := range order {
			g := &env{cols: e.cols, groups: groups[k], vals: make(row, len(e.cols))}
			if len(groups[k]) > 0 {
				g.vals = groups[k][0]
			}
			emit(g)
		}
	} else {
		for _, r := range rows {
			emit(&env{cols: e.cols, vals: r})
		}
	}
	slices.SortStableFunc(out, func(a, b outRow) int {
		for i := range a.key {
			if c := compare(a.key[i], b.key[i]); c != 0 {
				if desc[i] {
					return -c
				}
				return c
			}
		}
		return 0
	})
	if distinct {
		out = slices.CompactFunc(out, func(a, b outRow) bool {
			return slices.EqualFunc(a.vals, b.vals, func(x, y datum) bool { return compare(x, y) == 0 })
		})
	}
	if limit >= 0 {
		out = out[:min(limit, len(out))]
	}
	lines := []string{}
	var head []string
	for _, c := range cols {
		head = append(head, c.label)
	}
	lines = append(lines, strings.Join(head, "|"))
	for _, o := range out {
		var cells []string
		for _, v := range o.vals {
			cells = append(cells, text(v))
		}
		lines = append(lines, strings.Join(cells, "|"))
	}
	return strings.Join(lines, "\n")
}

// from reads tables and joins; an equality with an indexed column is a lookup.
func (db *database) from(p *parser) ([]string, []row) {
	source := func() (*table, string) {
		t := db.table(p.ident())
		as := t.name
		if p.word("as") {
			as = p.ident()
		}
		return t, as
	}
	t, as := source()
	db.scans++
	cols, rows := t.names(as), slices.Clone(t.rows)
	for {
		left := p.word("left")
		if !p.word("join") {
			if left {
				fail("expected join")
			}
			return cols, rows
		}
		r, as := source()
		p.need("on")
		start := p.at
		cond := p.or()
		on := p.toks[start:p.at]
		var probe *expr
		var index map[datum][]int
		if len(on) == 7 && on[3].text == "=" {
			for i := range 2 {
				a, b := on[4*i:4*i+3], on[4-4*i:7-4*i]
				if ix, ok := r.indexes[b[2].text]; ok && strings.EqualFold(b[0].text, as) {
					name := a[0].text + "." + a[2].text
					probe, index = &expr{f: func(e *env) datum { return e.vals[e.lookup(name)] }}, ix
				}
			}
		}
		all := append(slices.Clone(cols), r.names(as)...)
		var joined []row
		for _, l := range rows {
			n := len(joined)
			if probe != nil {
				db.seeks++
				for _, i := range index[probe.f(&env{cols: cols, vals: l})] {
					joined = append(joined, append(slices.Clone(l), r.rows[i]...))
				}
			} else {
				db.scans++
				for _, m := range r.rows {
					both := append(slices.Clone(l), m...)
					if cond.f(&env{cols: all, vals: both}) == true {
						joined = append(joined, both)
					}
				}
			}
			if left && len(joined) == n {
				joined = append(joined, append(slices.Clone(l), make(row, len(r.cols))...))
			}
		}
		cols, rows = all, joined
	}
}

func main() {
	db := &database{tables: map[string]*table{}}
	script := `
create table city (id int primary key, name text, country text, people real)
create table person (id int primary key, name text, city int, age int, admin bool)
insert into city values (1, 'Oslo', 'NO', 0.7), (2, 'Bergen', 'NO', 0.28), (3, 'Kyoto', 'JP', 1.46), (4, 'Lima', 'PE', 10.0)
insert into person values (1, 'Ann', 1, 30, true), (2, 'Bo', 1, 25, false), (3, 'Chi', 3, 41, false), (4, 'O''Neil', null, 19, null), (5, 'Eva', 2, 30, true)
select * from city
select name, age * 2 as double, age / 4 from person where age between 20 and 40 order by age desc, name
select p.name, c.name from person as p join city as c on p.city = c.id order by p.id
select p.name, c.country from person as p left join city as c on p.city = c.id where c.name is null or c.country = 'NO' order by 1
select country, count(*) as n, sum(people), avg(people), min(name), max(name) from city group by country order by n desc, country
select c.country, count(p.id), avg(p.age) from city as c left join person as p on p.city = c.id group by c.country having count(p.id) > 0 order by country
select count(*), count(admin), count(distinct age), sum(age), max(age) - min(age) from person
select distinct age from person order by age
select upper(name) || '!' as shout, length(name) from city where name like '%o%' and not name in ('Oslo', 'Rome') limit 1
select 1 + 2 * 3, -4, 'it''s', null is null, 7 / 0, 1.5 + 1
explain select * from person as p join city as c on p.city = c.id
create index on person (city)
explain select * from city as c join person as p on p.city = c.id
begin
update person set age = age + 1, name = upper(name) where city = 1
delete from city where country = 'NO'
select name, age from person order by id limit 2
select count(*) from city
rollback
select name, age from person order by id limit 2
select count(*) from city
begin
delete from person where age < 30
commit
select name from person order by name desc
insert into city values (1, 'Dup', 'XX', 1)
insert into city values (9, 5, 'XX', 1)
insert into city values (9, 'short')
select nope from city
select name from person as p join city as c on p.city = c.id
select * from nowhere
selekt
select 'open
select (1
select * from city order
update city set zzz = 1
commit
select 1 2
create table city (a int)
select # from city`
	for i, line := range strings.Split(strings.TrimSpace(script), "\n") {
		out, err := db.exec(line)
		if err != nil {
			out = "error: " + err.Error()
		}
		fmt.Printf("%d> %s\n%s\n", i, line, out)
	}
	db.exec("create table big (id int primary key, grp int, v real)")
	for i := 0; i < 3000; i += 10 {
		var vals []string
		for j := i; j < i+10; j++ {
			vals = append(vals, fmt.Sprintf("(%d, %d, %d.%02d)", j, j*7919%13, j%50, j%100))
		}
		db.exec("insert into big values " + strings.Join(vals, ", "))
	}
	fmt.Println(db.exec("select grp, count(*) as n, sum(v) as s from big where id > 100 group by grp order by s desc limit 5"))
	fmt.Println(db.exec("select count(*), sum(a.v + b.v) from big as a join big as b on a.grp = b.id where a.id < 500"))
	fmt.Println(slices.Sorted(maps.Keys(db.tables)), db.scans, db.seeks)
}
