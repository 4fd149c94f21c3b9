using KerasCompat.Convert.Export;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Verification;

namespace KerasCompat.Onnx.Tests;

/// <summary>What can be asked of an export beyond the numbers of the suites.</summary>
public class ExportTests
{
    private static readonly string[] Nets =
    [
        "keras3-graphs/text_cnn_kernels.keras", "keras3-graphs/bidirectional_gru_masked.keras", "keras3-graphs/residual_cnn.keras",
        "keras3-graphs/transformer_block.keras", "keras3-graphs/unet.keras", "keras3-graphs/masking_layer_tagger.keras", "containers/keras-3.0.5/cnn.keras",
    ];

    public static TheoryData<string, int> Opsets
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string net in Nets)
            {
                foreach (int opset in (int[])[13, 15, 17, 18, 20, 21, 22, 23, 24, 25, 26])
                {
                    data.Add(net, opset);
                }
            }

            return data;
        }
    }

    /// <summary>Two batch sizes, two lengths, rows padded before, behind and between, with every operator set.</summary>
    [OnnxRuntimeTheory]
    [MemberData(nameof(Opsets))]
    public void Every_opset_gives_the_same_numbers(string net, int opset)
    {
        using KerasModel model = KerasModel.Load(Path.Combine(Fixtures.Root, net));
        OnnxModel onnx = model.ToOnnx(new OnnxExportOptions { Opset = opset });
        using var run = new OnnxRun(model, onnx);
        foreach ((Tensor[] inputs, Tensor[] outputs) in new DrawnInputs(model, new Dictionary<string, int>()).Calls(2))
        {
            foreach ((Tensor got, Tensor want) in run.Predict(inputs).Zip(outputs))
            {
                ArrayComparison comparison = ArrayComparison.Of("output", got, want, new Tolerance(1e-5, 1e-4));
                Assert.True(comparison.Passes, comparison.ToString());
            }
        }
    }

    /// <summary>One file, two batch sizes, two lengths.</summary>
    [OnnxRuntimeTheory]
    [InlineData("text_gru_stack", 3, 11)]
    [InlineData("bidirectional_gru_masked", 1, 9)]
    [InlineData("masking_layer_tagger", 4, 20)]
    [InlineData("seq2seq", 2, 6)]
    public void One_file_runs_with_several_batch_sizes_and_lengths(string net, params int[] lengths)
    {
        using KerasModel model = KerasModel.Load(Fixtures.Path("keras3-graphs", $"{net}.keras"));
        Assert.Contains(model.Inputs, i => i.Type.Shape.Rank > 1 && i.Type.Shape[1].ValueOrNull is null);
        using var run = new OnnxRun(model, model.ToOnnx());
        foreach ((int batch, int length) in ((int[])[1, 5]).SelectMany(b => lengths.Select(l => (b, l))))
        {
            Tensor[] inputs = new DrawnInputs(model, new Dictionary<string, int>()).Draw(batch, length);
            foreach ((Tensor got, Tensor want) in run.Predict(inputs).Zip(model.Predict(inputs)))
            {
                ArrayComparison comparison = ArrayComparison.Of($"{want.Shape}", got, want, new Tolerance(1e-5, 1e-4));
                Assert.True(comparison.Passes, comparison.ToString());
            }
        }
    }

    [Fact]
    public void Inputs_outputs_and_weights_carry_Kerass_names()
    {
        using KerasModel model = KerasModel.Load(Fixtures.Path("keras3-graphs", "mlp_two_inputs_two_outputs.keras"));
        OnnxModel onnx = model.ToOnnx();
        Assert.Equal(model.Inputs.Select(i => i.Name), onnx.InputNames);
        Assert.Equal(model.Outputs.Select(o => o.Name), onnx.OutputNames);
        Assert.Superset(onnx.Graph.Initializers.Where(i => i.Value.Length > 1 && i.Value.DType == DType.Float32).Select(i => i.Name).ToHashSet(), model.Weights.Select(w => w.Path).ToHashSet());
        Assert.All(onnx.Graph.Nodes, n => Assert.Contains(model.Layers, l => n.Name.StartsWith(l.Name, StringComparison.Ordinal)));
    }

    [Fact]
    public void What_ONNX_cannot_say_is_refused_by_name()
    {
        using KerasModel model = KerasModel.Load(Fixtures.Path("tfkeras2", "keras-2.15.0-hashing.h5"));
        UnsupportedModelException refusal = Assert.Throws<UnsupportedModelException>(() => model.ToOnnx());
        Assert.Contains("HashText", refusal.Message, StringComparison.Ordinal);
    }

    [OnnxRuntimeFact]
    public void Weights_in_a_second_file_give_the_same_numbers() => WithFolder(folder =>
    {
        string path = Path.Combine(folder, "net.onnx");
        using KerasModel model = KerasModel.Load(Fixtures.Path("keras3-graphs", "unet.keras"));
        model.ToOnnx().Save(path, external: true);
        Assert.True(new FileInfo(path + ".data").Length > new FileInfo(path).Length / 4);
        Assert.All(OnnxCheck.Run(model, path, Request(path)), c => Assert.True(c.Passes, c.ToString()));
    });

    [OnnxRuntimeFact]
    public void A_file_of_other_numbers_is_not_left_behind() => WithFolder(folder =>
    {
        string vectors = Path.Combine(folder, "wrong.npz"), output = Path.Combine(folder, "out");
        Directory.CreateDirectory(output);
        byte[] manifest = "{\"calls\": [{\"inputs\": [{\"name\": \"x\", \"array\": \"x\"}], \"outputs\": [{\"name\": \"y\", \"array\": \"y\"}]}]}"u8.ToArray();
        using KerasModel model = KerasModel.Load(Fixtures.Path("containers", "keras-3.0.5/mlp.keras"));
        Tensor x = new DrawnInputs(model, new Dictionary<string, int>()).Draw(2, 3)[0], y = model.Predict(x).Clone();
        y.As<float>().Span[0] += 0.01f;
        Npz.Write(vectors, [KeyValuePair.Create("manifest", (Tensor)Tensor.From(manifest, manifest.Length)), KeyValuePair.Create("x", x), KeyValuePair.Create("y", y)]);
        var request = new ExportRequest(Fixtures.Path("containers", "keras-3.0.5/mlp.keras"), null, [Path.Combine(output, "net.onnx"), Path.Combine(output, "net.json")], new OnnxExportOptions()) { Vectors = vectors };
        Assert.Equal(Convert.ExitCode.Mismatch, ModelExporter.Run(request, new ExportLog(_ => { })));
        Assert.Empty(Directory.EnumerateFileSystemEntries(output));
    });

    private static ExportRequest Request(string path) => new(path, null, [path], new OnnxExportOptions());

    private static void WithFolder(Action<string> test)
    {
        string folder = Directory.CreateTempSubdirectory("onnx").FullName;
        try
        {
            test(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
