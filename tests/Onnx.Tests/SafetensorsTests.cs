using System.Buffers.Binary;
using KerasCompat.Containers;
using KerasCompat.Convert.Cases;
using KerasCompat.Testing;
using KerasCompat.Writers;

namespace KerasCompat.Onnx.Tests;

/// <summary>safetensors there and back, bit for bit, and files that are not whole.</summary>
public class SafetensorsTests
{
    public static TheoryData<string> Files =>
    [
        "keras3-graphs/unet.keras", "keras3-graphs/half_precision.keras", "keras3-graphs/double_precision.keras", "keras3-graphs/bidirectional_with_states.keras",
        "keras3-graphs/shared_dense_three_calls.keras", "seeds/seeds-imdb-keras-1.2.2.h5", "seeds/seeds-imdb-keras-2.3.1.h5", "tfkeras2/keras-2.15.0-cudnn-gru.h5",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Model_comes_back_as_it_was(string file)
    {
        string source = Path.Combine(Fixtures.Root, file);
        if (!File.Exists(source))
        {
            source = Path.Combine(Fixtures.Root, "seeds", "seeds-imdb-keras-3.15.1.keras");
        }

        using KerasModel model = KerasModel.Load(source);
        using var folder = new TemporaryFolder();
        string path = folder.File("net.safetensors");
        File.WriteAllBytes(path, Bytes(model));
        using KerasModel mapped = KerasModel.Load(path);
        using KerasModel streamed = KerasModel.Load(new MemoryStream(Bytes(model)), "stream");
        foreach (KerasModel back in (KerasModel[])[mapped, streamed])
        {
            Assert.Equal(model.Weights.Select(w => w.Path), back.Weights.Select(w => w.Path));
            Assert.All(model.Weights.Zip(back.Weights), p => Assert.True(p.First.Value.Bytes.SequenceEqual(p.Second.Value.Bytes), p.First.Path));
            Assert.Equal(Bytes(model), Bytes(back));
        }
    }

    /// <summary>Vocabularies, bins and infinite numbers come back with the config, weights bit for bit, and the numbers are Keras's.</summary>
    [Theory]
    [InlineData("seeds")]
    [InlineData("containers")]
    [InlineData("keras1")]
    [InlineData("keras2")]
    [InlineData("tfkeras2")]
    [InlineData("keras3-layers")]
    [InlineData("keras3-graphs")]
    [InlineData("text")]
    public void Suite_survives_being_written_and_read(string suite)
    {
        CaseOutcome[] outcomes = [.. CaseSuite.Read(Path.Combine(Fixtures.Root, suite)).RunThroughSafetensors()];
        Assert.NotEmpty(outcomes);
        Assert.Empty(outcomes.Where(o => !o.Passes).Select(o => $"{o.Case}: {o.Text}"));
    }

    /// <summary>Bytes cut off and turned over: a model or one of this library's exceptions.</summary>
    [Fact]
    public void Damaged_files_are_refused()
    {
        using KerasModel model = KerasModel.Load(Fixtures.Path("seeds", "seeds-embedding-keras-3.15.1.keras"));
        byte[] whole = Bytes(model);
        var random = new Random(3);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = i % 3 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (int flip = 0; damaged.Length > 0 && flip < i % 4; flip++)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                using KerasModel loaded = KerasModel.Load(new MemoryStream(damaged), "damaged");
            }
            catch (KerasCompatException)
            {
            }
        }
    }

    [Fact]
    public void Tensors_must_lie_side_by_side()
    {
        byte[] header = "{\"__metadata__\":{\"keras_config\":\"{}\"},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}"u8.ToArray();
        byte[] file = new byte[8 + header.Length + 8];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file, 8);
        ModelFormatException refusal = Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(new MemoryStream(file), "holes").Dispose());
        Assert.Contains("side by side", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Values of the header's JSON that are of another type than they should be, or too large for any.</summary>
    [Theory]
    [InlineData("""{"__metadata__":{"keras_config":[]}}""")]
    [InlineData("""{"__metadata__":{"keras_config":{}}}""")]
    [InlineData("""{"__metadata__":{"keras_config":"{}"},"w":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}""")]
    [InlineData("""{"__metadata__":{"keras_config":"{}"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,-99999999999999999999]}}""")]
    [InlineData("""{"__metadata__":{"keras_config":"{}"},"w":{"dtype":{},"shape":[1],"data_offsets":[0,4]}}""")]
    public void A_header_that_makes_no_sense_is_refused(string header) =>
        Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(new MemoryStream(WithHeader(header)), "header").Dispose());

    [Fact]
    public void A_version_that_is_no_text_is_not_known()
    {
        using KerasFile file = KerasFileReader.Open(new MemoryStream(WithHeader("""{"__metadata__":{"keras_config":"{}","keras_version":[3]}}""", tensors: 0)), "version");
        Assert.Null(file.KerasVersion);
    }

    private static byte[] WithHeader(string header, int tensors = 4) =>
        [.. BitConverter.GetBytes((ulong)header.Length), .. System.Text.Encoding.ASCII.GetBytes(header), .. new byte[tensors]];

    private static byte[] Bytes(KerasModel model)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(model, stream);
        return stream.ToArray();
    }
}
