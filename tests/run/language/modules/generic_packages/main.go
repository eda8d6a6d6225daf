// Generic code of one package used by two others with the same and different arguments:
// identity of types, unexported names in bodies, package variables per package.
package main

import (
	"fmt"

	"example.org/generic/coll"
	"example.org/generic/user"
)

type local struct{ n int }

func (l local) Key() string { return fmt.Sprint("local ", l.n) }

func main() {
	s := coll.NewSet(1, 2, 2, 3)
	t := user.Numbers()
	fmt.Println(s.Len(), t.Len(), coll.Same[coll.Set[int]](s, t), s.Union(t).Sorted(func(a, b int) bool { return a < b }))
	var i any = s
	_, ok := i.(coll.Set[int])
	_, no := i.(coll.Set[int64])
	fmt.Printf("%v %v %T %T\n", ok, no, s, coll.NewSet(local{1}))
	fmt.Println(coll.Keys([]local{{1}, {2}}), coll.Keys(user.Items()))
	fmt.Println(coll.Count(), user.Count())
	c := coll.Counter[local]{}
	c.Add(local{1})
	c.Add(local{1})
	fmt.Println(c.Get(local{1}), user.CountLocals())
	fmt.Println(coll.Fold(user.Items(), "", func(a string, it user.Item) string { return a + it.Key() }))
	fmt.Printf("%T %T\n", user.Local(), coll.Pair[local, user.Item]{})
}
