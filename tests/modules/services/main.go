// Much used packages of services: SQL on an embedded database, interpreters, routers, web
// sockets, metrics, gRPC.
package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/dgraph-io/ristretto/v2"
	"github.com/expr-lang/expr"
	"github.com/gin-gonic/gin"
	"github.com/google/cel-go/cel"
	"github.com/gorilla/mux"
	"github.com/gorilla/websocket"
	"github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	lua "github.com/yuin/gopher-lua"
	"go.starlark.net/starlark"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	_ "modernc.org/sqlite"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func main() {
	db := must(sql.Open("sqlite", ":memory:"))
	db.SetMaxOpenConns(1)
	must(db.Exec("create table t(a integer primary key, b text, c real)"))
	tx := must(db.Begin())
	for i := 0; i < 2000; i++ {
		must(tx.Exec("insert into t(b,c) values(?,?)", fmt.Sprint("row", i%17), float64(i)/7))
	}
	tx.Commit()
	rows := must(db.Query("select b, count(*), round(sum(c),3) from t group by b order by 2 desc, 1 limit 5"))
	for rows.Next() {
		var b string
		var n int
		var s float64
		rows.Scan(&b, &n, &s)
		fmt.Println(b, n, s)
	}
	db.Close()


	L := lua.NewState()
	if err := L.DoString(`local t = {} for i=1,1000 do t[i]=i*i end local s=0 for _,v in ipairs(t) do s=s+v end print(s, string.format("%5.2f|%s", 3.14159, ("x"):rep(3))) print(pcall(function() error("no") end))`); err != nil {
		fmt.Println(err)
	}
	L.Close()

	g := must(starlark.ExecFile(&starlark.Thread{Name: "t", Print: func(_ *starlark.Thread, m string) { fmt.Println("star:", m) }}, "a.star", "def f(n):\n  r = []\n  for i in range(n):\n    r.append(i*i)\n  return r\nprint(f(5))\nx = {k: len(k) for k in ['a','bb']}\n", nil))
	fmt.Println(g["x"])

	p := must(expr.Compile(`filter(xs, # > 2) | map(# * 2)`, expr.Env(map[string]any{"xs": []int{}})))
	fmt.Println(must(expr.Run(p, map[string]any{"xs": []int{1, 2, 3, 4}})))

	env := must(cel.NewEnv(cel.Variable("name", cel.StringType)))
	ast, iss := env.Compile(`"hello " + name + string(size(name) * 2) + (name.startsWith("g") ? "!" : "?")`)
	if iss.Err() != nil {
		panic(iss.Err())
	}
	prg := must(env.Program(ast))
	out, _, err := prg.Eval(map[string]any{"name": "goxide"})
	fmt.Println(out, err)

	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.Use(gin.Recovery())
	r.GET("/u/:id", func(c *gin.Context) { c.JSON(200, gin.H{"id": c.Param("id"), "q": c.Query("q")}) })
	srv := httptest.NewServer(r)
	resp := must(http.Get(srv.URL + "/u/42?q=z"))
	fmt.Println(resp.StatusCode, string(must(io.ReadAll(resp.Body))))
	srv.Close()

	e := echo.New()
	e.GET("/x/*", func(c echo.Context) error { return c.String(201, c.Param("*")) })
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, httptest.NewRequest("GET", "/x/a/b", nil))
	fmt.Println(rec.Code, rec.Body)

	m := mux.NewRouter()
	up := websocket.Upgrader{}
	m.HandleFunc("/ws/{n:[0-9]+}", func(w http.ResponseWriter, r *http.Request) {
		c := must(up.Upgrade(w, r, nil))
		defer c.Close()
		for {
			t, b, err := c.ReadMessage()
			if err != nil {
				return
			}
			c.WriteMessage(t, append([]byte(mux.Vars(r)["n"]+":"), b...))
		}
	})
	srv = httptest.NewServer(m)
	ws, _, err := websocket.DefaultDialer.Dial("ws"+srv.URL[4:]+"/ws/7", nil)
	if err != nil {
		panic(err)
	}
	for i := 0; i < 3; i++ {
		ws.WriteMessage(websocket.TextMessage, []byte(fmt.Sprint("m", i)))
		_, b, err := ws.ReadMessage()
		fmt.Println(string(b), err)
	}
	ws.Close()
	srv.Close()

	c := must(lru.New[string, int](2))
	c.Add("a", 1)
	c.Add("b", 2)
	c.Add("c", 3)
	fmt.Println(c.Keys())
	rc := must(ristretto.NewCache(&ristretto.Config[string, int]{NumCounters: 100, MaxCost: 10, BufferItems: 64}))
	rc.Set("k", 5, 1)
	rc.Wait()
	fmt.Println(rc.Get("k"))

	reg := prometheus.NewRegistry()
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "lat", Buckets: []float64{1, 2}}, []string{"p"})
	reg.MustRegister(h)
	h.WithLabelValues("a").Observe(1.5)
	rec = httptest.NewRecorder()
	promhttp.HandlerFor(reg, promhttp.HandlerOpts{}).ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	fmt.Println(rec.Body)

	ln := must(net.Listen("tcp", "127.0.0.1:0"))
	gs := grpc.NewServer()
	hs := health.NewServer()
	healthpb.RegisterHealthServer(gs, hs)
	go gs.Serve(ln)
	conn := must(grpc.NewClient(ln.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials())))
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	fmt.Println(must(healthpb.NewHealthClient(conn).Check(ctx, &healthpb.HealthCheckRequest{})).Status)
	conn.Close()
	gs.Stop()

}
