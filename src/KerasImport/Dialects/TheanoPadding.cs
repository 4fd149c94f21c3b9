namespace KerasCompat.Dialects;

/// <summary>Theano's <c>same</c> pads other sides than TensorFlow's: half the kernel on the left, whatever the stride.</summary>
internal static class TheanoPadding
{
    private const string Canonical = "same_theano";

    /// <summary>What both names mean there; <c>half</c> is Theano's own.</summary>
    private static readonly HashSet<string> Names = ["same", "half"];

    /// <summary>Rewrites <c>padding</c> of layers that ran on Theano.</summary>
    public static void Apply(LayerDraft draft)
    {
        if (!draft.Context.IsTheano)
        {
            return;
        }

        if (draft.Config.Text("padding") is { } padding && Names.Contains(padding))
        {
            draft.Config["padding"] = Canonical;

            // Keras 1 averaged over real elements only, Keras 2 on Theano over the padding too.
            if (draft.Generation.Era == Era.Keras2 && draft.ClassName.StartsWith("AveragePooling", StringComparison.Ordinal))
            {
                draft.Config["count_include_pad"] = true;
            }
        }

        if (draft.ClassName == "ConvLSTM2D")
        {
            draft.Config["recurrent_padding"] = Canonical;
        }
    }
}
