namespace KerasCompat.Containers;

/// <summary>Weights in the canonical layout, one after another in the order of Keras's <c>get_weights()</c> (safetensors).</summary>
public sealed class NamedWeights : StoredWeights
{
    /// <summary>The arrays, in order.</summary>
    public required IReadOnlyList<StoredArray> Named { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<StoredArray> Arrays => Named;
}
