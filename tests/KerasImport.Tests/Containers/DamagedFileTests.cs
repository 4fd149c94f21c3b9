using System.Text;
using KerasCompat.Testing;

namespace KerasCompat.Containers.Tests;

public class DamagedFileTests
{
    [Theory]
    [InlineData("containers/keras-3.15.1/mlp.h5", 400)]
    [InlineData("containers/keras-3.15.1/mlp_latest.h5", 400)]
    [InlineData("containers/keras-3.15.1/mlp_chunked_names.h5", 200)]
    [InlineData("containers/keras-3.15.1/mlp.keras", 400)]
    [InlineData("containers/keras-3.15.1/mlp_zip_deflated.keras", 400)]
    [InlineData("containers/keras-3.15.1/mlp_zip_lzma.keras", 200)]
    [InlineData("containers/keras-3.15.1/mlp_zip_bzip2.keras", 200)]
    [InlineData("containers/keras-3.15.1/mlp_weights_gzip_shuffle_fletcher.keras", 200)]
    [InlineData("containers/keras-3.15.1/text.json", 300)]
    [InlineData("containers/keras-3.15.1/text.weights.h5", 400)]
    [InlineData("containers/keras-3.15.1/text_legacy_weights.h5", 300)]
    [InlineData("architectures/imdb_lstm.json.gz", 500)]
    [InlineData("keras1/1.2.2-tensorflow-yaml-model.yaml", 1000)]
    [InlineData("keras1/1.1.2-tensorflow-dense.h5", 400)]
    public void Gives_our_exceptions_only(string file, int rounds) =>
        Damage.Flip(File.ReadAllBytes(Path.Combine(Fixtures.Root, file)), rounds, Read);

    [Fact]
    public void Noise_gives_our_exceptions_only()
    {
        var random = new Random(7);
        byte[][] starts = [[], "PK\x03\x04"u8.ToArray(), [0x89, .. "HDF\r\n\x1a\n"u8], [0x1F, 0x8B, 8], "{\""u8.ToArray(), [0xFF, 0xFE], [0x80, 4], "class_name:"u8.ToArray(), [0]];
        for (int round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(600)];
            random.NextBytes(bytes);
            starts[round % starts.Length].AsSpan(0, Math.Min(bytes.Length, starts[round % starts.Length].Length)).CopyTo(bytes);
            Assert.ThrowsAny<KerasCompatException>(() => Read(bytes));
        }
    }

    [Theory]
    [InlineData("&a [*a]")]
    [InlineData("class_name: !!python/object/apply:os.system ['true']")]
    [InlineData("class_name: Sequential\nconfig: *nothing")]
    [InlineData("class_name: [")]
    [InlineData("class_name: Sequential\n? [a]\n: b")]
    [InlineData("class_name: 1")]
    public void Hostile_yaml_is_refused(string yaml) =>
        Assert.ThrowsAny<KerasCompatException>(() => TextContainer.ReadYaml(Encoding.UTF8.GetBytes(yaml), "x.yaml", ReadLimits.Default));

    /// <summary>What the JSON parser takes and no JSON has.</summary>
    [Theory]
    [InlineData("""{"class_name": "Sequential", "config": [[, 0]]}""")]
    [InlineData("""{"class_name": "Sequential", "config": undefined}""")]
    [InlineData("""{"class_name": "Sequential", "config": new Date(1)}""")]
    public void JavaScript_is_no_json(string text) =>
        Assert.Throws<ModelFormatException>(() => JsonText.Parse(text, "x.json", ReadLimits.Default));

    [Fact]
    public void Aliases_that_multiply_are_refused()
    {
        var yaml = new StringBuilder("class_name: Sequential\na0: &a0 [1, 1]\n");
        for (int i = 1; i < 40; i++)
        {
            yaml.Append($"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        }

        Assert.Throws<ResourceLimitException>(() => TextContainer.ReadYaml(Encoding.UTF8.GetBytes(yaml.ToString()), "x.yaml", ReadLimits.Default));
    }

    private static void Read(byte[] bytes)
    {
        using KerasFile file = KerasFileReader.Open(new MemoryStream(bytes), "x");
        foreach (StoredArray array in file.Weights?.Arrays ?? [])
        {
            array.Read();
        }
    }
}
