using KerasCompat.Layers;
using KerasCompat.Runtime;

namespace KerasCompat;

/// <summary>What layers learnt by <c>adapt</c>, beside their weights.</summary>
public static class LearntState
{
    /// <summary>The tokens by index, the special ones included: Keras's <c>get_vocabulary()</c>.</summary>
    /// <returns>Text, or int64 of an IntegerLookup; <c>(tokens)</c>.</returns>
    /// <exception cref="InvalidOperationException">The layer has no vocabulary by its nature.</exception>
    /// <exception cref="ModelFormatException">It has none yet.</exception>
    public static Tensor GetVocabulary(this Layer layer) => layer is IVocabularyLayer owner
        ? owner.GetVocabulary()
        : throw new InvalidOperationException($"{layer.Config.Place} has no vocabulary; StringLookup, IntegerLookup and TextVectorization have one");

    /// <summary>The numbers at which a bin of a Discretization begins: Keras's <c>bin_boundaries</c>.</summary>
    /// <exception cref="InvalidOperationException">The layer has no bins by its nature.</exception>
    /// <exception cref="ModelFormatException">It has none yet.</exception>
    public static IReadOnlyList<float> GetBinBoundaries(this Layer layer) => layer is Discretization bins
        ? bins.Boundaries
        : throw new InvalidOperationException($"{layer.Config.Place} has no bins; Discretization has");
}
