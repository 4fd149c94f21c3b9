using KerasCompat.Containers;
using KerasCompat.Layers;
using KerasCompat.Runtime;

namespace KerasCompat.Weights;

/// <summary>Puts a file's arrays into the weights of the layers.</summary>
internal static class WeightBinder
{
    /// <summary>Fills every weight of the model.</summary>
    /// <exception cref="ModelFormatException">The file's arrays do not fit the model.</exception>
    public static void Bind(Network model, StoredWeights weights, string file)
    {
        switch (weights)
        {
            case LayerWeights byLayer:
                LayerWeightBinder.Bind(model, byLayer, file);
                break;
            case PathWeights byPath:
                PathWeightBinder.Bind(model, byPath, file);
                break;
        }
    }

    /// <summary>Assigns an array to a weight, converting its type to the weight's where that loses nothing that Keras keeps.</summary>
    /// <exception cref="ModelFormatException">The shape differs.</exception>
    public static void Assign(Weight weight, Tensor value, string place)
    {
        if (value.Shape != weight.Shape)
        {
            throw new ModelFormatException(place, $"shape {value.Shape}", $"{weight.Shape} for weight \"{weight.Path}\"", "the weights belong to another architecture");
        }

        weight.Value = value.Cast(weight.DType);
    }
}
