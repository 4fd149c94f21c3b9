namespace KerasCompat.Dialects;

/// <summary>Keras 3: already canonical but for a class that its HDF5 files call by its Python name.</summary>
internal static class Keras3Dialect
{
    private static readonly Renames Renames = new()
    {
        Classes = new Dictionary<string, string>
        {
            ["GroupedQueryAttention"] = "GroupQueryAttention",
        },
    };

    /// <summary>Rewrites a layer in place.</summary>
    public static void Apply(LayerDraft draft) => Renames.Apply(draft);
}
