namespace KerasCompat.Runtime;

/// <summary>What stands under each key; two tables are equal only where they are the same object.</summary>
/// <typeparam name="TKey">Text, or a 64-bit integer.</typeparam>
public sealed class LookupTable<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, long> _entries;

    /// <summary>A table of entries; of equal keys the last counts.</summary>
    public LookupTable(IEnumerable<KeyValuePair<TKey, long>> entries)
    {
        _entries = [];
        foreach ((TKey key, long index) in entries)
        {
            _entries[key] = index;
        }
    }

    /// <summary>The entries.</summary>
    public IReadOnlyDictionary<TKey, long> Entries => _entries;

    /// <summary>The index under a key, or null.</summary>
    public long? Find(TKey key) => _entries.TryGetValue(key, out long index) ? index : null;
}
