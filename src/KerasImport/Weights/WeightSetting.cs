using KerasCompat.Runtime;

namespace KerasCompat.Weights;

/// <summary>Setting weights from a list in Keras's order.</summary>
internal static class WeightSetting
{
    /// <exception cref="ArgumentException">The number of values or a shape differs; then no weight is changed.</exception>
    public static void Set(IReadOnlyList<Weight> weights, IReadOnlyList<Tensor> values, string owner)
    {
        if (weights.Count != values.Count)
        {
            throw new ArgumentException($"\"{owner}\" has {weights.Count} weights, not {values.Count}.", nameof(values));
        }

        for (int i = 0; i < values.Count; i++)
        {
            if (values[i].Shape != weights[i].Shape)
            {
                throw new ArgumentException($"Weight {i} \"{weights[i].Path}\" of \"{owner}\" has shape {weights[i].Shape}, not {values[i].Shape}.", nameof(values));
            }
        }

        for (int i = 0; i < values.Count; i++)
        {
            weights[i].Value = values[i].Cast(weights[i].DType);
        }
    }
}
