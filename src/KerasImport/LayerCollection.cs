using System.Collections;
using KerasCompat.Layers;

namespace KerasCompat;

/// <summary>The layers of a model, in order and by name.</summary>
public sealed class LayerCollection : IReadOnlyList<Layer>
{
    private readonly IReadOnlyList<Layer> _layers;

    internal LayerCollection(IReadOnlyList<Layer> layers) => _layers = layers;

    /// <inheritdoc/>
    public int Count => _layers.Count;

    /// <inheritdoc/>
    public Layer this[int index] => _layers[index];

    /// <summary>The layer of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists the names there are.</exception>
    public Layer this[string name] => _layers.FirstOrDefault(l => l.Name == name)
        ?? throw new KeyNotFoundException($"No layer \"{name}\"; the model has {string.Join(", ", _layers.Select(l => l.Name))}.");

    /// <inheritdoc/>
    public IEnumerator<Layer> GetEnumerator() => _layers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
