using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Theano's <c>same</c> pads other sides than TensorFlow's: half the kernel on the left, whatever the stride.</summary>
internal static class TheanoPadding
{
    /// <summary>The canonical name; <c>half</c> is what Theano itself calls it.</summary>
    private static readonly Dictionary<string, string> Names = new() { ["same"] = "same_theano", ["half"] = "same_theano" };

    /// <summary>Rewrites <c>padding</c> of layers that ran on Theano.</summary>
    public static void Apply(LayerDraft draft)
    {
        if (draft.Context.IsTheano && draft.Config.Text("padding") is { } padding)
        {
            draft.Config["padding"] = Names.GetValueOrDefault(padding, padding);
        }
    }
}
