using System.Runtime.CompilerServices;
using KerasCompat.Containers;
using KerasCompat.Runtime;
using KerasCompat.Verification;

namespace KerasCompat.Benchmarks;

/// <summary>A network to be timed, from the fixtures: published architectures with weights by formula.</summary>
/// <param name="Name">What it is.</param>
/// <param name="File">Its file below <c>tests/fixtures</c>.</param>
/// <param name="Vocabulary">The number of words where the inputs are word indices, else null.</param>
/// <param name="Inputs">The shapes of the inputs to time.</param>
internal sealed record BenchmarkNet(string Name, string File, int? Vocabulary, params int[][] Inputs)
{
    public static IReadOnlyList<BenchmarkNet> All { get; } =
    [
        new("MLP of three Dense layers", "containers/keras-3.15.1/mlp.keras", null, [1, 6], [64, 6]),
        new("IMDB net: Embedding 5000 × 32, LSTM 100, Dense 1", "architectures/imdb_lstm.json.gz", 5000, [1, 80], [1, 500], [32, 80]),
        new("the same, masked", "architectures/imdb_lstm_masked.json.gz", 5000, [1, 80], [1, 500], [32, 80]),
        new("CNN for text", "architectures/imdb_cnn.json.gz", 5000, [1, 400]),
        new("encoder_mini", "architectures/encoder_mini.json.gz", 1000, [1, 32]),
        new("MobileNetV2", "architectures/mobilenetv2.json.gz", null, [1, 224, 224, 3]),
    ];

    public KerasModel Load(bool leaveWeightsInFile = false)
    {
        using KerasFile file = KerasFileReader.Open(Fixture(File));
        if (file.Weights is not null)
        {
            return KerasModel.Load(Fixture(File), new LoadOptions { LeaveWeightsInFile = leaveWeightsInFile });
        }

        KerasModel model = KerasModel.LoadArchitecture(file);
        model.FillWeights((i, w) => ArchitectureFormula.Weight(i, w.Name, w.Shape));
        return model;
    }

    /// <summary>Inputs by the formula, fitted to sizes that the net fixes.</summary>
    public Tensor<float> Input(KerasModel model, Shape wanted)
    {
        SymbolicShape expected = model.Inputs[0].Type.Shape;
        var dims = new int[wanted.Rank];
        for (int axis = 0; axis < dims.Length; axis++)
        {
            dims[axis] = expected[axis].ValueOrNull ?? wanted[axis];
        }

        return ArchitectureFormula.Input(0, new Shape(dims), Vocabulary);
    }

    /// <summary>The path of a file below <c>tests/fixtures</c>.</summary>
    public static string Fixture(string file) => Path.Combine(Fixtures(), file);

    private static string Fixtures([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "tests", "fixtures");
}
