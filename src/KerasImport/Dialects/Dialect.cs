namespace KerasCompat.Dialects;

/// <summary>What is done to a layer's class and config: the tables of its generation, then the meanings that changed between versions.</summary>
internal static class Dialect
{
    private static readonly Dictionary<Era, Action<LayerDraft>> Generations = new()
    {
        [Era.Keras1] = Keras1Dialect.Apply,
        [Era.Keras2] = Keras2Dialect.Apply,
        [Era.TfKeras] = TfKerasDialect.Apply,
        [Era.Keras3] = Keras3Dialect.Apply,
    };

    /// <summary>Rewrites a layer of Keras's own in place.</summary>
    public static void Apply(LayerDraft draft)
    {
        if (draft.ClassName == "InputLayer")
        {
            InputLayers.Rewrite(draft);
            return;
        }

        Generations[draft.Generation.Era](draft);
        LayerDefaults.Apply(draft);
        MaskMeanings.Apply(draft);
        NumericMeanings.Apply(draft);
        OutputTypes.Apply(draft);
        WeightLayoutRules.Apply(draft);
    }
}
