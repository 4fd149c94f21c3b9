namespace KerasCompat.Dialects;

/// <summary>A generation's table of classes and keys that Keras 3 calls otherwise.</summary>
internal sealed class Renames
{
    /// <summary>Old class name to new.</summary>
    public required IReadOnlyDictionary<string, string> Classes { get; init; }

    /// <summary>Old key to new, in every layer.</summary>
    public IReadOnlyList<(string From, string To)> Keys { get; init; } = [];

    /// <summary>Old key to new in layers of one class (its new name); these go before <see cref="Keys"/>.</summary>
    public IReadOnlyDictionary<string, (string From, string To)[]> KeysOf { get; init; } = new Dictionary<string, (string, string)[]>();

    /// <summary>Keys that no layer of Keras 3 has and that mean nothing for inference.</summary>
    public IReadOnlyList<string> Dropped { get; init; } = [];

    /// <summary>The same in layers of one class (its new name).</summary>
    public IReadOnlyDictionary<string, string[]> DroppedOf { get; init; } = new Dictionary<string, string[]>();

    /// <summary>Renames the class, then the keys, then drops.</summary>
    public void Apply(LayerDraft draft)
    {
        draft.ClassName = Classes.GetValueOrDefault(draft.ClassName, draft.ClassName);
        foreach ((string from, string to) in (KeysOf.GetValueOrDefault(draft.ClassName) ?? []).Concat(Keys))
        {
            draft.Config.Rename(from, to);
        }

        foreach (string key in (DroppedOf.GetValueOrDefault(draft.ClassName) ?? []).Concat(Dropped))
        {
            draft.Config.Remove(key);
        }
    }
}
