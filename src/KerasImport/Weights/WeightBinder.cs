using KerasCompat.Containers;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using KerasCompat.Writers;

namespace KerasCompat.Weights;

/// <summary>Puts a file's arrays into the weights of the layers.</summary>
internal static class WeightBinder
{
    /// <summary>Fills every weight of the model.</summary>
    /// <exception cref="ModelFormatException">The file's arrays do not fit the model.</exception>
    /// <exception cref="OperationCanceledException">The load is no longer wanted.</exception>
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
            case NamedWeights named:
                BindNamed(model, named, file);
                break;
        }
    }

    private static void BindNamed(Network model, NamedWeights weights, string file)
    {
        Weight[] expected = [.. model.Weights];
        string[] names = WeightNames.Of(expected);
        if (!names.SequenceEqual(weights.Named.Select(a => a.Name)))
        {
            string[] missing = [.. names.Except(weights.Named.Select(a => a.Name))], extra = [.. weights.Named.Select(a => a.Name).Except(names)];
            throw new ModelFormatException(file, extra.Length > 0 ? $"weights {string.Join(", ", extra)}" : "weights in another order", missing.Length > 0 ? string.Join(", ", missing) : "Keras's order");
        }

        var reading = new ArrayReading(model.Config.Factory.Options, weights.Named, weights.MayStay);
        for (int i = 0; i < expected.Length; i++)
        {
            Assign(expected[i], weights.Named[i], reading, weights.Named[i].Path);
        }
    }

    /// <summary>Assigns an array of a file to a weight, converting its type to the weight's where that loses nothing that Keras keeps.</summary>
    /// <exception cref="ModelFormatException">The shape differs.</exception>
    public static void Assign(Weight weight, StoredArray array, ArrayReading reading, string place)
    {
        CheckShape(weight, array.Shape, place);
        weight.Set(reading.Source(array, weight.DType));
    }

    /// <summary>Assigns to a weight what was made of arrays.</summary>
    /// <exception cref="ModelFormatException">The shape differs.</exception>
    public static void Assign(Weight weight, Tensor value, string place)
    {
        CheckShape(weight, value.Shape, place);
        weight.Value = value.Cast(weight.DType);
    }

    private static void CheckShape(Weight weight, Shape shape, string place)
    {
        if (shape != weight.Shape)
        {
            throw new ModelFormatException(place, $"shape {shape}", $"{weight.Shape} for weight \"{weight.Path}\"", "the weights belong to another architecture");
        }
    }
}
