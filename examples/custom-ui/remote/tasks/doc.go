// Package tasks is the Tasks app's backend as an HTTP handler over database/sql: tasks, their files, live events, and
// tokens for direct requests. It does not depend on a database or server, so that one process with SQLite (the folder above)
// and Cloudflare Workers with D1 (the folder worker) run the same code.
//
//	config, err := tasks.ReadConfig(os.Getenv)
//	…
//	exchange, err := config.NewExchange()
//	…
//	http.ListenAndServe(addr, tasks.New(db).Handler(exchange))
//
// Each installation of the app has its own tasks. The installation comes from the request's verified token.
package tasks
