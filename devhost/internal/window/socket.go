package window

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// beatTime is how often the page hears that the host still runs. The page takes the host for gone when three are missing:
// see page/product/socket.js. A web socket's own pings do not reach the page's script.
const beatTime = time.Second

// Serve serves the web socket of a window that shows a place. It calls opened with the new window, and closed when the
// connection has ended. Messages go from the host to the page only.
func (ws *Windows) Serve(w http.ResponseWriter, r *http.Request, place Place, opened, closed func(*Window)) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // Accept has written the response.
	}
	defer conn.CloseNow()
	// The page sends nothing. So CloseRead ends the connection at the first message, without reading it.
	window, ctx := ws.Open(conn.CloseRead(r.Context()), place)
	defer ws.Close(window)
	window.Send(Message{Type: "window", Window: window.name})
	opened(window)
	defer closed(window)
	beat := time.NewTicker(beatTime)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-window.more:
		case <-beat.C:
			window.Send(Message{Type: "beat"})
		}
		for _, m := range window.Take() {
			text, err := json.Marshal(m)
			if err == nil {
				err = conn.Write(ctx, websocket.MessageText, text)
			}
			if err != nil {
				return
			}
		}
	}
}
