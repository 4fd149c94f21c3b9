using KerasCompat.Containers;
using KerasCompat.Runtime;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Cases;

/// <summary>
/// A file saved before a training run, with the weights before and after it: the weights of the file are those before, and with
/// those after it predicts what Keras predicted then. The run itself is the suite end_to_end's matter.
/// </summary>
internal static class TrainingRunCase
{
    public static CaseOutcome Run(FixtureCase test, Npz vectors, CancellationToken cancellation)
    {
        using KerasFile file = KerasFileReader.Open(test.Model!);
        StoredArray[] stored = [.. file.Weights!.Arrays];
        var comparisons = new List<ArrayComparison>();
        for (int i = 0; i < stored.Length; i++)
        {
            comparisons.Add(ArrayComparison.Of($"before{i}", stored[i].Read(), vectors[$"before{i}"], new Tolerance(0, 0)));
        }

        using KerasModel model = Trained(file, vectors);
        Tensor wanted = vectors["predicted"];
        comparisons.Add(ArrayComparison.Of("predicted", model.Predict([vectors["x"].Rows(0, wanted.Shape[0])], cancellation)[0], wanted, test.Tolerance));
        return CaseRunner.Compared(test, comparisons);
    }

    /// <summary>The model as the run left it. The arrays of a file and Keras's get_weights() are in one order, in the layout of that generation.</summary>
    public static KerasModel Trained(KerasFile file, Npz vectors) => KerasModel.Load(Replaced(file, i => vectors[$"after{i}"]));

    /// <summary>The same file with other arrays.</summary>
    private static KerasFile Replaced(KerasFile file, Func<int, Tensor> array)
    {
        int next = 0;
        StoredWeights weights = file.Weights switch
        {
            LayerWeights byLayer => new LayerWeights
            {
                Layers = [.. byLayer.Layers.Select(l => new StoredLayer(l.Name, [.. l.Arrays.Select(Replace)]))],
                KerasVersion = byLayer.KerasVersion,
                Backend = byLayer.Backend,
            },
            PathWeights byPath => new PathWeights
            {
                Groups = byPath.Groups.ToDictionary(g => g.Key, g => new StoredVariables(g.Value.ObjectName, g.Value.Arrays.ToDictionary(a => a.Key, a => Replace(a.Value)))),
            },
            _ => throw new InvalidDataException("the file holds no weights"),
        };
        return new KerasFile
        {
            Name = file.Name, Kind = file.Kind, Config = file.Config, KerasVersion = file.KerasVersion, Backend = file.Backend, Weights = weights, Assets = file.Assets,
        };

        StoredArray Replace(StoredArray old)
        {
            Tensor value = array(next++);
            return new StoredArray(old.Path, old.Name, value.DType, value.Shape, () => value);
        }
    }
}
