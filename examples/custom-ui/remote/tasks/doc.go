// Package tasks is the Tasks app's backend as an HTTP handler over database/sql: tasks, their files, live events, and
// tokens for direct requests. It knows neither its database nor its server, so that one process with SQLite (the folder
// above) and Cloudflare Workers with D1 (the folder worker) run the same code.
//
//	config, err := tasks.ReadConfig(os.Getenv)
//	…
//	exchange, err := config.NewExchange()
//	…
//	http.ListenAndServe(addr, tasks.New(db).Handler(exchange))
//
// Each installation of the app has its own tasks. Which one a request is about comes from its verified token.
package tasks
