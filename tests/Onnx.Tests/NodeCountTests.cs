using System.Globalization;
using KerasCompat.Convert.Cases;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Onnx.Tests;

/// <summary>The nodes of well-known nets, pinned as text, and no more of them than Keras 3.15's own exporter writes.</summary>
public class NodeCountTests
{
    /// <summary>Nets of the suite of architectures, and the number of nodes that Keras writes for them where it was measured.</summary>
    public static TheoryData<string, int> Nets => new()
    {
        { "imdb_lstm", 26 },
        { "imdb_lstm_masked", 54 },
        { "imdb_bilstm", 48 },
        { "imdb_cnn", 25 },
        { "char_gru", 37 },
        { "mobilenetv2", 141 },
        { "resnet50", 232 },
        { "encoder_mini", int.MaxValue },
    };

    /// <summary>Nets of the suite of containers.</summary>
    [Theory]
    [InlineData("mlp", 8)]
    [InlineData("cnn", 18)]
    public void Small_net_has_the_nodes_of_its_golden(string net, int most)
    {
        using KerasModel model = KerasModel.Load(Fixtures.Path("containers", $"keras-3.0.5/{net}.keras"));
        Check(net, model.ToOnnx().Operators, most);
    }

    /// <summary>Masks of any pattern need no Loop, in both directions and with all steps and states given out; Keras cannot write these.</summary>
    [Theory]
    [InlineData("keras3-layers", "bidirectional-lstm-sum-sequences-state-masking")]
    [InlineData("keras3-graphs", "random_sentences_1")]
    public void Masked_bidirectional_LSTM_has_the_nodes_of_its_golden(string suite, string net)
    {
        using KerasModel model = KerasModel.Load(Fixtures.Path(suite, $"{net}.keras"));
        Check(net, model.ToOnnx().Operators, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void Net_has_the_nodes_of_its_golden(string net, int most)
    {
        FixtureCase test = CaseSuite.Read(Path.Combine(Fixtures.Root, "architectures"), only: $"^{net}$").Cases.Single();
        using Npz vectors = Npz.Open(test.Vectors!);
        (KerasModel model, _) = ArchitectureCase.Fill(test, JObject.Parse(System.Text.Encoding.UTF8.GetString(vectors["manifest"].Bytes)));
        using (model)
        {
            Check(net, model.ToOnnx().Operators, most);
        }
    }

    private static void Check(string net, IReadOnlyList<string> operators, int most)
    {
        Assert.InRange(operators.Count, 1, most);
        Assert.DoesNotContain("Loop", operators);
        Assert.DoesNotContain("Scan", operators);
        string counts = string.Concat(operators.GroupBy(o => o).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count(),4} {g.Key}\n")));
        Golden.Check($"{net}.txt", string.Create(CultureInfo.InvariantCulture, $"{counts}{operators.Count,4} nodes\n"));
    }
}
