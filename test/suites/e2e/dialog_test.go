package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// dialog is the app's page in the dialog that the app has opened. Its address is the same as the address of the app's other
// page. So the test finds it by its place: it is the last frame of the product page.
type dialog struct{ app }

func (a app) dialog() dialog { return dialog{a} }

// wait waits until a JavaScript expression is true in the dialog.
func (d dialog) wait(t *testing.T, what, expression string) {
	t.Helper()
	d.Page.Until(what, func(ctx context.Context) (bool, error) {
		tree, err := chromedp.Call(ctx, page.GetFrameTree, cdp.Empty{})
		if err != nil {
			return false, err
		}
		frames := tree.FrameTree.ChildFrames
		if len(frames) < 2 {
			return false, errors.New("there is no dialog")
		}
		// An isolated world can see the document, and the test does not need to keep track of the frame's contexts.
		world, err := chromedp.Call(ctx, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: frames[len(frames)-1].Frame.ID})
		if err != nil {
			return false, err
		}
		answer, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{
			Expression: "Boolean(" + expression + ")", ContextID: world.ExecutionContextID, ReturnByValue: new(true),
		})
		if err != nil || answer.ExceptionDetails != nil {
			return false, errors.Join(err, errors.New("not so yet"))
		}
		var ok bool
		err = json.Unmarshal([]byte(answer.Result.Value), &ok)
		return ok, err
	})
}
