using KerasCompat.Layers;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Report;

/// <summary>What a report says of a call of a layer.</summary>
/// <param name="Step">Its place in the order of execution.</param>
/// <param name="Node">Which of the layer's calls in its model.</param>
/// <param name="Name">Which call it is, in words: <c>call 2</c>; null where it is the only one.</param>
/// <param name="Outputs">What it gives.</param>
internal sealed record CallEntry(int Step, int Node, string? Name, IReadOnlyList<LayerOutput> Outputs)
{
    /// <summary>How far its outputs are from what Keras computed; null where that is not known.</summary>
    public ArrayComparison? Difference { get; private set; }

    /// <summary>True for the first call outside the tolerance.</summary>
    public bool DivergesFirst { get; private set; }

    /// <summary>Notes the largest difference of the outputs.</summary>
    public void Compare(LayerDifferences differences, bool divergesFirst) =>
        (Difference, DivergesFirst) = (Outputs.Select(differences.Of).MaxBy(d => d?.LargestAbsolute ?? -1), divergesFirst);
}
