using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>What flows between layers: a value of the graph, and the mask that travels with it.</summary>
/// <param name="Value">The value.</param>
/// <param name="Mask">True where a step counts, shape <c>(batch, time)</c> as a rule; null where all do.</param>
/// <param name="Imaginary">The imaginary part between operations on complex numbers, of which <paramref name="Value"/> is the real part.</param>
/// <param name="Lengths">Of a ragged tensor the length of each row, <c>(batch)</c>: what lies beyond it along axis 1 means nothing. Null of a dense one.</param>
public sealed record KerasTensor(Value Value, Value? Mask = null, Value? Imaginary = null, Value? Lengths = null)
{
    /// <summary>The value's shape.</summary>
    public SymbolicShape Shape => Value.Shape;
}
