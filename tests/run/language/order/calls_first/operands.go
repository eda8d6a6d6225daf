// Variables, fields and elements that a call changes which stands behind them in the same
// statement: Go leaves open which value counts, its compiler reads them after all calls.
package main

import "fmt"

func init() {
	add := func(name string, run func() any) { operands = append(operands, test{name, run}) }
	add("global", func() any { return twoi(gx, f()) })
	add("local captured", func() any { x := 1; h := func() int { x++; return x }; return twoi(x, h()) })
	add("local by pointer", func() any { x := 1; p := &x; h := func() int { *p++; return 5 }; return twoi(x, h()) })
	add("box int", func() any { return two(gx, f()) })
	add("box string", func() any { return two(gstr, f()) })
	add("box struct", func() any { return two(gp, f()) })
	add("box struct deref", func() any { return two(*gpp, f()) })
	add("box slice", func() any { return two(gs, f()) })
	add("box slice elem", func() any { return two(gs[0], f()) })
	add("box array", func() any { return two(garr, f()) })
	add("box array elem", func() any { return two(garr[gi], f()) })
	add("box bool", func() any { return two(gbool, f()) })
	add("box compare", func() any { return two(gx == 1, f()) })
	add("box not", func() any { return two(!gbool, f()) })
	add("box float", func() any { return two(gfl, f()) })
	add("box float sum", func() any { return two(gfl+1, f()) })
	add("box complex", func() any { return two(gc, f()) })
	add("box complex sum", func() any { return two(gc+1, f()) })
	add("box int8", func() any { return two(gi8, f()) })
	add("box int8 sum", func() any { return two(gi8+1, f()) })
	add("box pointer", func() any { return two(gptr == &gx, f()) })
	add("box struct literal", func() any { return two(P{gx, gx}, f()) })
	add("box one-field", func() any { return two(gone.p == nil, f()) })
	add("box one-int literal", func() any { return two(struct{ a int }{gx}, f()) })
	add("box map elem", func() any { return two(gm[0], f()) })
	add("box struct map elem", func() any {
		m := map[int]P{1: {1, 2}}
		h := func() int { m[1] = P{8, 9}; return 1 }
		return two(m[1], h())
	})
	add("box iface", func() any { return two(ge, f()) })
	add("box error", func() any { return two(gerr, f()) })
	add("box I", func() any { return two(gI, f()) })
	add("any() conversion", func() any { return two(any(gx), f()) })
	add("box string sum", func() any { return two(gstr+"1", f()) })
	add("box string(b)", func() any { return two(string(gb), f()) })
	add("box []byte(s)", func() any { return two([]byte(gstr), f()) })
	add("box []rune(s)", func() any { return two([]rune(gstr), f()) })
	add("box string(rune)", func() any { return two(string(rune(gx+64)), f()) })
	add("box substring", func() any { return two(gstr[1:], f()) })
	add("box subslice", func() any { return two(gs[:2], f()) })
	add("box subarray", func() any { return two(garr[:], f()) })
	add("box str index", func() any { return two(gstr[0], f()) })
	add("box &&", func() any { return two(gbool && gx > 0, f()) })
	add("box ||", func() any { return two(gbool || gx > 1, f()) })
	add("box len", func() any { return two(len(gstr+gstr[gi:]), f()) })
	add("box len s", func() any { s := gs; h := func() int { s = nil; return 1 }; return two(len(s), h()) })
	add("box cap s", func() any { s := gs; h := func() int { s = nil; return 1 }; return two(cap(s), h()) })
	add("box append", func() any { return two(append(gs[:1:1], gx), f()) })
	add("box min", func() any { return two(min(gx, 10), f()) })
	add("box real", func() any { return two(real(gc), f()) })
	add("box complex()", func() any { return two(complex(gfl, 1), f()) })
	add("box new", func() any { return two(*new(gx), f()) })
	add("box make", func() any { return two(make([]int, gx), f()) })
	add("box assert int", func() any { return two(ge.(int), f()) })
	add("box assert I", func() any { return two(any(gI).(I), f()) })
	add("box recv", func() any { return two(<-gch, f()) })
	add("recv after", func() any { return two(len(gch), <-gch) })
	add("recv after x", func() any {
		c := make(chan int, 1)
		x := 1
		go func() { x = 2; c <- 1 }()
		return two(x, <-c)
	})
	add("box closure", func() any { return two(func() int { return gx }(), f()) })
	add("box method value", func() any { return two(gV.M, f()) != "" && twom(gV.M, f()) == 2000 })
	add("box method value I", func() any { return twom(gI.M, f()) })
	add("method expr", func() any { return V.M(gV, f()) })
	add("box &T", func() any { return two(&P{gx, 1}, f()) })
	add("box slice lit", func() any { return two([]int{gx}, f()) })
	add("box map lit", func() any { return two(map[int]int{gx: gx}, f()) })
	add("box array lit", func() any { return two([1]int{gx}, f()) })
	add("box array2 lit", func() any { return two([2]int{gx}, f()) })
	add("box conv", func() any { return two(float64(gx), f()) })
	add("box conv named", func() any { return two(V(gx), f()) })
	add("box conv struct", func() any { type Q P; return two(Q(gp), f()) })
	add("box shift", func() any { return two(gx<<1, f()) })
	add("box neg", func() any { return two(-gx, f()) })
	add("box paren", func() any { return two((gx), f()) })
	add("box slice to array", func() any { return two([2]int(gs), f()) })
	add("field", func() any { return twoi(gp.a, f()) })
	add("field ptr", func() any { return twoi(gpp.a, f()) })
	add("deref", func() any { return twoi(*gptr, f()) })
	add("index slice", func() any { return twoi(gs[gi], f()) })
	add("index array", func() any { return twoi(garr[gi], f()) })
	add("index map", func() any { return twoi(gm[gi], f()) })
	add("index map str", func() any { return twoi(gms[string(gb)], f()) })
	add("index map P", func() any { return twoi(gmP[gp], f()) })
	add("index map P lit", func() any { return twoi(gmP[P{gp.a, gp.b}], f()) })
	add("index map any", func() any { return twoi(gma[gx], f()) })
	add("index nested", func() any { return twoi(gss[0][gi], f()) })
	add("index nested call", func() any { return gss[0][f()-1] })
	add("struct arg", func() any { return pair(f(), gp) + pair(gx, P{f(), gx}) })
	add("big arg", func() any { return bigpair(gbig, f()) })
	add("generic", func() any { return gen(gx, f()) + gen(gp, f()) + gen(gstr, f()) })
	add("variadic", func() any { return vari(gx, f(), gx, f()) })
	add("variadic any", func() any { return fmt.Sprint(gx, f(), gx, f(), gx, gp) })
	add("nested", func() any { return twoi(gx, twoi(gx, f())%7) })
	add("nested2", func() any { return twoi(gx, twoi(gx, f())%7+f()) })
	add("sum", func() any { return gx + f() })
	add("sum3", func() any { return gx*100 + f()*10 + gx })
	add("sum sub", func() any { return (gx + f()) * (gx + f()) })
	add("compare", func() any { return fmt.Sprint(gx == f(), gx < f(), gx >= f()) })
	add("compare struct", func() any { return fmt.Sprint(gp == P{f(), 9}, gp == P{8, 9}) })
	add("compare string", func() any { return gstr == "new"+fs()[1:] })
	add("compare iface", func() any { return ge == any(f()) })
	add("compare mixed", func() any { return ge == f() })
	add("compare bytes", func() any { return string(gb) == "xbc"+fs()[1:] })
	add("concat", func() any { return gstr + fs() + gstr })
	add("concat bytes", func() any { return string(gb) + fs() + string(gb) })
	add("concat 7", func() any { return gstr + "a" + gstr + fs() + gstr + "b" + gstr })
	add("and", func() any { return gbool && fb() })
	add("and2", func() any { return fb() && gbool && gx == 2 })
	add("or in args", func() any { return fmt.Sprint(gbool || gx == 2, fb(), gbool) })
	add("or with call in args", func() any { return fmt.Sprint(gx, gbool || fb(), gx) })
	add("not", func() any { return !gbool == fb() })
	add("shift call", func() any { return gx << f() })
	add("struct lit", func() any { return P{gx, f()} })
	add("struct lit ptr", func() any { return *&P{gx, f()} })
	add("struct lit keyed", func() any { return P{b: gx, a: f()} })
	add("slice lit", func() any { return []int{gx, f(), gx} })
	add("slice lit any", func() any { return []any{gx, f(), gx, gp, f(), gx == 3} })
	add("slice lit P", func() any { return []P{gp, {gx, f()}, gp} })
	add("slice lit *P", func() any { l := []*P{{gx, f()}, {gx, 1}}; return fmt.Sprint(*l[0], *l[1]) })
	add("array lit", func() any { return [3]int{gx, f(), gx} })
	add("array lit idx", func() any { return [5]int{3: gx, 1: f(), 2: gx} })
	add("map lit", func() any { return map[int]int{gx: f(), gx + 10: gx} })
	add("map lit any key", func() any { return fmt.Sprint(map[any]int{gx: f(), gx + 10: gx}) })
	add("map lit P key", func() any { return fmt.Sprint(map[P]int{gp: f(), P{gx, 1}: f()}) })
	add("map lit str", func() any { return map[string]int{gstr: f(), "k": gx} })
	add("map lit i8", func() any { return map[int8]int{gi8: f(), gi8 + 10: gx} })
	add("map lit bool", func() any { return map[bool]int{!gbool: f()} })
	add("map lit float", func() any { return map[float64]int{gfl: f()} })
	add("map lit P value", func() any { return map[int]P{gx: {gx, f()}} })
	add("map lit in args", func() any { return two(map[int]int{gx: gx}, f()) })
	add("map lit keys", func() any { return map[int]int{f(): gx, f() + 10: gx} })
	add("callee var", func() any { return gf(gx, f()) })
	add("callee var f2", func() any { return gf(f2()) })
	add("callee field", func() any {
		s := struct{ f func(int) int }{func(n int) int { return n }}
		h := func() int { s.f = func(n int) int { return -n }; return 3 }
		return s.f(h())
	})
	add("iface recv", func() any { return gI.M(f()) })
	add("value recv", func() any { return gV.M(f()) })
	add("value recv ptr", func() any { p := &gV; return p.M(f()) })
	add("ptr recv", func() any { return gV.PM(f()) })
	add("struct recv", func() any { return gp.Sum(f()) })
	add("struct recv ptr", func() any { return gpp.Sum(f()) })
	add("embedded recv", func() any { return gE.Sum(f()) })
	add("embedded ptr recv", func() any { return gEP.Sum(f()) })
	add("chained", func() any { return B{}.add(gx).add(f()).add(gx).n })
	add("go", func() any {
		c := make(chan string)
		go func(a, b int) { c <- fmt.Sprint(a, b) }(gx, f())
		return <-c
	})
	add("go method", func() any {
		c := make(chan string)
		go gp.send(c, f())
		return <-c
	})
	add("defer", func() any {
		var r string
		func() {
			defer func(a, b int) { r = fmt.Sprint(a, b) }(gx, f())
		}()
		return r
	})
	add("defer callee", func() any {
		var r string
		fv := func(n int) { r = fmt.Sprint("old", n) }
		func() {
			h := func() int { fv = func(n int) { r = fmt.Sprint("new", n) }; return 3 }
			defer fv(h())
		}()
		return r
	})
	add("defer method", func() any {
		c := make(chan string, 1)
		func() { defer gp.send(c, f()) }()
		return <-c
	})
	add("defer iface", func() any {
		func() { defer gI.M(f()) }()
		return gx
	})
	add("send", func() any {
		a, b := make(chan int, 1), make(chan int, 1)
		c := a
		h := func() int { c = b; return 3 }
		c <- h()
		return fmt.Sprint(len(a), len(b))
	})
	add("send value", func() any { c := make(chan int, 1); c <- gx + f(); return <-c })
	add("send any", func() any { c := make(chan P, 1); c <- P{gx, f()}; return <-c })
	add("select send", func() any {
		a, b := make(chan int, 1), make(chan int, 1)
		c := a
		h := func() int { c = b; return 3 }
		select {
		case c <- h():
		}
		return fmt.Sprint(len(a), len(b))
	})
	add("select two", func() any {
		a, b := make(chan int, 1), make(chan int, 1)
		c := a
		h := func() chan int { c = b; return nil }
		select {
		case c <- gx:
		case <-h():
		}
		return fmt.Sprint(len(a), len(b))
	})
	add("select value", func() any {
		a := make(chan int, 1)
		h := func() chan int { gx = 50; return nil }
		select {
		case a <- gx:
		case <-h():
		}
		return <-a
	})
	add("range", func() any {
		n := 0
		for range gx + f() {
			n++
		}
		return n
	})
	add("range array", func() any {
		r := ""
		for i, v := range garr {
			f()
			r += fmt.Sprint(i, v, " ")
		}
		return r
	})
	add("switch", func() any {
		switch gx {
		case f():
			return "new"
		case 1:
			return "old"
		}
		return "none"
	})
	add("switch sum", func() any {
		switch gx + f() {
		case 3:
			return "old"
		case 4:
			return "new"
		}
		return "none"
	})
	add("switch cases", func() any {
		switch {
		case gx == f():
			return "eq"
		case gx > 1:
			return "gt"
		}
		return "none"
	})
	add("switch case list", func() any {
		switch 2 {
		case gx + 1, f(), gx:
			return gx
		}
		return "none"
	})
	add("type switch", func() any {
		switch x := any(gx + f()).(type) {
		case int:
			return x
		}
		return 0
	})
	add("if", func() any {
		if gx == f() {
			return "new"
		}
		return "old"
	})
	add("if and", func() any {
		if gx == 1 && f()+gx == gx+f()-1 {
			return "a"
		}
		return "b"
	})
	add("for cond", func() any {
		n := 0
		for gx+f() < 12 {
			n++
		}
		return n
	})
	add("append", func() any { return append(gs, gx, f()) })
	add("append slice", func() any { return append(gs, f(), gx) })
	add("append dots", func() any { return append([]int{f(), gx}, gs...) })
	add("append dots2", func() any { return append(gs, []int{f(), gx}...) })
	add("append any", func() any { return append([]any{gx}, gx, f(), gx == 2) })
	add("copy", func() any { n := copy(gs, []int{f(), f()}); return fmt.Sprint(n, gs) })
	add("copy in args", func() any { return fmt.Sprint(string(gb), copy(gb[1:], gb)) })
	add("copy elem", func() any { return fmt.Sprint(gs[1], copy(gs[1:], gs)) })
	add("append elem", func() any { return fmt.Sprint(gs[1], append(gs[:1], 99)) })
	add("min", func() any { return min(gx, f()) })
	add("max", func() any { return max(gx+5, f()) })
	add("max s", func() any { return max(gstr, fs()) })
	add("complex", func() any { return complex(gfl, ff()) })
	add("make", func() any { return cap(make([]int, gx, f())) })
	add("delete", func() any { delete(gm, f()-2); delete(gm, gx+f()-5); return gm })
	add("slice", func() any { s := "hello"; return s[gx:f()] })
	add("slice 3", func() any { l := []int{0, 1, 2, 3, 4, 5}; l2 := l[gx:f():f()]; return fmt.Sprint(l2, cap(l2)) })
	add("slice var", func() any { return gs[gi:f()] })
	add("slice str", func() any { return gstr[:f()] })
	add("slice idx sum", func() any { l := []int{0, 1, 2, 3, 4, 5}; return l[gx+0 : f()] })
	add("slice idx2", func() any { return fmt.Sprint(gs[gi:], f(), gs[gi:]) })
	add("index of call", func() any { return garr[f()-1] })
	add("index by call of slice", func() any { return gs[f()-1] })
	add("index map call", func() any { return gm[f()-1] })
	add("conv string", func() any { return string(gb) + fmt.Sprint(f()) })
	add("print in literal", func() any { return []any{len(gs), gs[0], f(), len(gs), gs[0]} })
	add("deep", func() any { return []P{{gx, f()}, {gx, gp.b}, {f(), gx}} })
	add("deep2", func() any {
		type T struct {
			p *P
			l []int
			m map[int]int
			e any
		}
		t := T{&P{gx, gx}, []int{gx, gx}, map[int]int{gx: gx}, gx}
		u := T{&P{gx, gx}, []int{gx, f()}, map[int]int{gx: gx}, gx}
		return fmt.Sprint(*t.p, t.l, t.m, t.e, *u.p, u.l, u.m, u.e)
	})
	add("funclit call", func() any { return func(a, b int) int { return a*10 + b }(gx, f()) })
	add("cond expr idx", func() any { return gs[gi] + f()*100 })
	add("unary", func() any { return -gx + f()*100 })
	add("star call", func() any { return *gptr + f()*100 })
	add("assert sum", func() any { return ge.(int) + f()*100 })
	add("assert iface M", func() any { return ge.(int) + any(gI).(I).M(f()) })
	add("int any eq", func() any { return two(gx == 2, ge == f()) })
}
