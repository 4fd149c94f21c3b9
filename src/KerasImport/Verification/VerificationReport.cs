using System.Text;

namespace KerasCompat.Verification;

/// <summary>The outcome of comparing a model with what Keras computed.</summary>
/// <param name="Outputs">Every output of every call.</param>
/// <param name="FirstDiverging">On a mismatch, the first layer in the order of execution whose output is outside the tolerance; null where none is known.</param>
public sealed record VerificationReport(IReadOnlyList<ArrayComparison> Outputs, LayerDivergence? FirstDiverging)
{
    /// <summary>True where every output is within the tolerance.</summary>
    public bool Passes => Outputs.All(o => o.Passes);

    /// <summary>The outcome as lines of text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().AppendJoin(Environment.NewLine, Outputs);
        if (FirstDiverging is not null)
        {
            text.AppendLine().Append(FirstDiverging);
        }

        return text.ToString();
    }
}

/// <summary>The first layer that gave other numbers than Keras.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="ClassName">Its class.</param>
/// <param name="Output">How far its output is off.</param>
/// <param name="LargestBefore">The largest difference among the layers before it, which bounds that of its inputs.</param>
public sealed record LayerDivergence(string Layer, string ClassName, ArrayComparison Output, double LargestBefore)
{
    /// <summary>Which call of the layer it is, counted from 0.</summary>
    internal int Node { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"first diverging layer: {Layer} ({ClassName}): {Output}; everything before it agrees within {LargestBefore:0.##e+0}");
}
