// Assignments and returns whose calls change what the same statement reads, on either side.
package main

import "fmt"

func init() {
	add := func(name string, run func() any) { assignments = append(assignments, test{name, run}) }
	add("two var", func() any { a, b := gx, f(); return fmt.Sprint(a, b) })
	add("two var decl", func() any { var a, b = gx, f(); return fmt.Sprint(a, b) })
	add("two var any", func() any { var a, b any = gx, f(); return fmt.Sprint(a, b) })
	add("two var P", func() any { a, b := gp, f(); return fmt.Sprint(a, b) })
	add("two assign", func() any { var a, b int; a, b = gx, f(); return fmt.Sprint(a, b) })
	add("two assign swap", func() any { var a, b int = 1, 2; a, b = b+gx, a+f(); return fmt.Sprint(a, b) })
	add("assign index", func() any { l := []int{1, 2, 3}; l[gi] = f(); return l })
	add("assign index sum", func() any { l := []int{1, 2, 3}; l[gi] = gx + f(); return l })
	add("assign slice var", func() any { old := gs; gs[0] = f(); return fmt.Sprint(old, gs) })
	add("assign ptr", func() any { old := gpp; gpp.a = f(); return fmt.Sprint(*old, *gpp) })
	add("assign map", func() any { m := map[int]int{}; m[gi] = f(); return m })
	add("assign map lhs call", func() any { m := map[int]int{}; m[g(gx)] = f(); return m })
	add("assign lhs call", func() any { l := []int{1, 2, 3}; l[f()] = gx; return l })
	add("assign lhs call2", func() any { gss[0][f()-1] = gx; return gss })
	add("assign multi idx", func() any {
		l := []int{1, 2, 3}
		i := 0
		h := func() int { i++; return 9 }
		l[i], i = h(), 2
		return fmt.Sprint(l, i)
	})
	add("assign multi idx2", func() any { l := []int{1, 2, 3}; i := 0; i, l[i] = 2, 9; return fmt.Sprint(l, i) })
	add("assign multi idx3", func() any {
		l := []int{1, 2, 3}
		i := 0
		h := func() int { i++; return 9 }
		i, l[i] = 2, h()
		return fmt.Sprint(l, i)
	})
	add("assign multi ptr", func() any {
		p, q := &P{1, 2}, &P{3, 4}
		old := p
		h := func() int { p = q; return 9 }
		p.a, p = h(), nil
		return fmt.Sprint(*old, *q)
	})
	add("assign *p,p", func() any {
		a, b := 1, 2
		p, q := &a, &b
		h := func() int { p = q; return 9 }
		*p, p = h(), &a
		return fmt.Sprint(a, b)
	})
	add("assign multi map", func() any { m := map[int]int{}; m[gi], gi = f(), 7; return fmt.Sprint(m, gi) })
	add("assign f2", func() any { l := []int{1, 2, 3}; var n int; l[gi], n = f2(); return fmt.Sprint(l, n) })
	add("assign f2 lhs call", func() any { l := []int{1, 2, 3}; m := map[int]int{}; l[gi], m[g(gx)] = f2(); return fmt.Sprint(l, m) })
	add("assign f2 slice", func() any { old := gs; gs[0], gs[1] = f2(); return fmt.Sprint(old, gs) })
	add("assign recv ok", func() any { l := []int{1, 2, 3}; var ok bool; l[gi], ok = <-gch; return fmt.Sprint(l, ok) })
	add("assign map ok", func() any { l := []int{1, 2, 3}; var ok bool; l[gi], ok = gm[f()-1]; return fmt.Sprint(l, ok) })
	add("assign map ok2", func() any { l := []int{1, 2, 3}; var ok bool; l[gi], ok = gm[f()-gx]; return fmt.Sprint(l, ok) })
	add("assign assert ok", func() any { l := []int{1, 2, 3}; var ok bool; l[gi], ok = any(f()).(int); return fmt.Sprint(l, ok) })
	add("op assign", func() any { gx += f(); return gx })
	add("op assign idx", func() any { l := []int{1, 2, 3}; l[gi] += f(); return l })
	add("op assign slice", func() any { old := gs; gs[0] += f(); return fmt.Sprint(old, gs) })
	add("op assign ptr", func() any { old := gpp; gpp.a += f(); return fmt.Sprint(*old, *gpp) })
	add("op assign map", func() any { gm[gi] += f(); return gm })
	add("op assign map call", func() any { gm[g(gi)] += f(); return gm })
	add("op assign map div", func() any { gm[gi] /= f(); return gm })
	add("op assign str", func() any { gstr += fs(); return gstr })
	add("op assign shift", func() any { gx <<= f(); return gx })
	add("op assign sum", func() any { gx += gx + f(); return gx })
	add("incdec", func() any { l := []int{1, 2, 3}; l[f()-gx]++; gss[0][f()-2]++; return fmt.Sprint(l, gss) })
	add("return", func() any { h := func() (int, int) { return gx, f() }; a, b := h(); return fmt.Sprint(a, b) })
	add("return any", func() any { h := func() (any, any) { return gx, f() }; a, b := h(); return fmt.Sprint(a, b) })
	add("return err", func() any {
		h := func() (int, error) { return f(), gerr }
		a, b := h()
		k := func() (error, int) { reset(); return gerr, f() }
		c, d := k()
		return fmt.Sprint(a, b, c, d)
	})
	add("return named", func() any {
		h := func() (a int, b int) { a = 5; k := func() int { a = 7; return 8 }; return a, k() }
		a, b := h()
		return fmt.Sprint(a, b)
	})
	add("return named defer", func() any {
		h := func() (a int, b int) {
			defer func() { a += 100 }()
			a = 5
			k := func() int { a = 7; return 8 }
			return a + 1, k()
		}
		a, b := h()
		return fmt.Sprint(a, b)
	})
	add("return named swap", func() any {
		h := func() (a int, b int) { a, b = 1, 2; k := func() int { b = 7; return a }; return b, k() }
		a, b := h()
		return fmt.Sprint(a, b)
	})
	add("return struct", func() any { h := func() (P, int) { return gp, f() }; a, b := h(); return fmt.Sprint(a, b) })
	add("return big", func() any { h := func() (Big, int) { return gbig, f() }; a, b := h(); return fmt.Sprint(a.a[3], b) })
	add("select recv lhs", func() any {
		l := []int{1, 2, 3}
		select {
		case l[f()-1] = <-gch:
		}
		return l
	})
	add("range lhs", func() any {
		l := make([]int, 10)
		for l[gx] = range 2 {
			f()
		}
		return l
	})
	add("for post", func() any {
		r := ""
		for i, j := 0, 0; i < 3; i, j = gx, f() {
			r += fmt.Sprint(i, j, " ")
		}
		return r
	})
	add("append assign", func() any { l := gs; gs = append(gs, f()); return fmt.Sprint(l, gs) })
	add("append index", func() any { gss[gi] = append(gss[gi], f()); return gss })
}
