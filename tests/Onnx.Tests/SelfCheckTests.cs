using KerasCompat.Containers;
using KerasCompat.Convert.Export;
using KerasCompat.Testing;

namespace KerasCompat.Onnx.Tests;

/// <summary>Files that carry inputs with their outputs, and are checked by them alone.</summary>
public class SelfCheckTests
{
    [OnnxRuntimeTheory]
    [InlineData("keras3-graphs/residual_cnn.keras", false)]
    [InlineData("keras3-graphs/residual_cnn.keras", true)]
    [InlineData("keras3-graphs/masking_layer_tagger.keras", false)]
    [InlineData("keras3-layers/bidirectional-gru-concat-stateful.keras", false)]
    public void Onnx_file_is_checked_by_what_it_carries(string file, bool channelsFirst) => TemporaryFolder.Use(folder =>
    {
        string path = Path.Combine(folder, "net.onnx");
        Write(file, path, new OnnxExportOptions { ChannelsFirstInputs = channelsFirst });
        Assert.All(OnnxFile.ReplaySelfCheck(path), c => Assert.True(c.Passes, c.ToString()));
        using KerasModel model = KerasModel.Load(Path.Combine(Fixtures.Root, file));
        Assert.Equal(12 * model.Outputs.Count, OnnxFile.ReplaySelfCheck(path).Count);
    });

    [OnnxRuntimeFact]
    public void Changed_weights_are_found() => TemporaryFolder.Use(folder =>
    {
        string path = Path.Combine(folder, "net.onnx");
        Write("containers/keras-3.0.5/mlp.keras", path, new OnnxExportOptions());
        using KerasModel model = KerasModel.Load(Path.Combine(Fixtures.Root, "containers/keras-3.0.5/mlp.keras"));
        byte[] file = File.ReadAllBytes(path), weight = model.Weights[0].Value.Bytes[..8].ToArray();
        int at = file.AsSpan().IndexOf(weight);
        BitConverter.TryWriteBytes(file.AsSpan(at), BitConverter.ToSingle(weight) + 1);
        File.WriteAllBytes(path, file);
        Assert.Contains(OnnxFile.ReplaySelfCheck(path), c => !c.Passes);
    });

    [Fact]
    public void Weights_file_is_checked_by_what_it_carries() => TemporaryFolder.Use(folder =>
    {
        string path = Path.Combine(folder, "net.safetensors");
        Write("keras3-graphs/masking_layer_tagger.keras", path, new OnnxExportOptions());
        using KerasFile file = KerasFileReader.Open(path);
        using KerasModel model = KerasModel.Load(file);
        Assert.All(SelfCheck.Replay("net", file.Metadata, x => model.Predict(x, new RecurrentState())), c => Assert.True(c.Passes, c.ToString()));
    });

    [Fact]
    public void Metadata_is_read_without_the_weights()
    {
        using KerasModel model = KerasModel.Load(Path.Combine(Fixtures.Root, "containers/keras-3.0.5/mlp.keras"));
        byte[] file = model.ToOnnx(new OnnxExportOptions { Metadata = new Dictionary<string, string> { ["ä"] = "ö", ["empty"] = string.Empty } }).ToBytes();
        Assert.Equal([KeyValuePair.Create("ä", "ö"), KeyValuePair.Create("empty", string.Empty)], OnnxModel.ReadMetadata(new MemoryStream(file), "net"));
    }

    /// <summary>Bytes cut off and turned over: entries or one of this library's exceptions.</summary>
    [Fact]
    public void Damaged_metadata_is_refused()
    {
        using KerasModel model = KerasModel.Load(Path.Combine(Fixtures.Root, "containers/keras-3.0.5/mlp.keras"));
        byte[] whole = model.ToOnnx(new OnnxExportOptions { Metadata = new Dictionary<string, string> { ["key"] = "value" } }).ToBytes();
        var random = new Random(5);
        for (int i = 0; i < 500; i++)
        {
            byte[] damaged = i % 2 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (int flip = 0; damaged.Length > 0 && flip < 4; flip++)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                OnnxModel.ReadMetadata(new MemoryStream(damaged), "damaged");
            }
            catch (KerasCompatException)
            {
            }
        }
    }

    private static void Write(string file, string output, OnnxExportOptions options)
    {
        var request = new ExportRequest(Path.Combine(Fixtures.Root, file), null, [output], options) { SelfChecks = 12 };
        Assert.Equal(Convert.ExitCode.Ok, ModelExporter.Run(request, new ExportLog(_ => { })));
    }
}
