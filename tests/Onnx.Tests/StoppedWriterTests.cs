using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Writers;

namespace KerasCompat.Onnx.Tests;

/// <summary>Writers that are asked to stop amid an array, and exports amid the operators.</summary>
public class StoppedWriterTests
{
    private const int Megabytes = 6;

    /// <summary>Asked to stop when the second megabyte is written: the third is not.</summary>
    [Theory]
    [InlineData("onnx")]
    [InlineData("safetensors")]
    [InlineData("npz")]
    [InlineData("npy")]
    public void A_writer_stops_amid_an_array(string format)
    {
        var stream = new StoppingStream(2 << 20);
        Assert.Throws<OperationCanceledException>(() => Write(format, stream, stream.Token));
        Assert.InRange(stream.Length, 2 << 20, (3 << 20) + 4096);

        using var whole = new MemoryStream();
        Write(format, whole, default);
        Assert.InRange(whole.Length, Megabytes << 20, (Megabytes << 20) + (1 << 16));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_that_is_there_stays(bool external) => TemporaryFolder.Use(folder =>
    {
        string path = Path.Combine(folder, "net.onnx");
        File.WriteAllText(path, "old");
        using KerasModel model = Wide();
        Assert.Throws<OperationCanceledException>(() => model.ToOnnx().Save(path, external, cancellationToken: new CancellationToken(canceled: true)));
        Assert.Throws<OperationCanceledException>(() => model.ExportOnnx(path, new OnnxExportOptions { CancellationToken = new CancellationToken(canceled: true) }));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(folder));
        Assert.Equal("old", File.ReadAllText(path));
    });

    private static void Write(string format, Stream stream, CancellationToken cancellation)
    {
        using KerasModel model = Wide();
        switch (format)
        {
            case "onnx":
                model.ToOnnx().Write(stream, cancellation);
                break;
            case "safetensors":
                SafetensorsWriter.Write(model, stream, cancellationToken: cancellation);
                break;
            case "npz":
                Npz.Write(stream, [KeyValuePair.Create("kernel", model.Weights[0].Value)], compress: false, cancellation);
                break;
            default:
                Npy.Write(stream, model.Weights[0].Value, cancellation);
                break;
        }
    }

    /// <summary>A Dense layer with a kernel of six megabytes.</summary>
    private static KerasModel Wide()
    {
        byte[] json = System.Text.Encoding.UTF8.GetBytes($$$"""
            {"class_name": "Sequential", "config": {"name": "wide", "layers": [
              {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 1024], "dtype": "float32"}},
              {"class_name": "Dense", "config": {"name": "dense", "units": {{{Megabytes * 256}}}, "use_bias": false, "activation": "linear"}}]},
             "keras_version": "3.15.1"}
            """);
        KerasModel model = KerasModel.LoadArchitecture(Containers.KerasFileReader.Open(new MemoryStream(json), "wide.json"));
        model.FillWeights((_, w) => new Tensor<float>(new float[w.Shape.ElementCount], w.Shape));
        return model;
    }

    /// <summary>A file in memory that asks to stop once it has so many bytes.</summary>
    private sealed class StoppingStream(long after) : MemoryStream
    {
        private readonly CancellationTokenSource _source = new();

        public CancellationToken Token => _source.Token;

        public override void Write(byte[] buffer, int offset, int count)
        {
            base.Write(buffer, offset, count);
            if (Length >= after)
            {
                _source.Cancel();
            }
        }

        protected override void Dispose(bool disposing)
        {
            _source.Dispose();
            base.Dispose(disposing);
        }
    }
}
