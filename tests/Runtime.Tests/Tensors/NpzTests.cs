using System.IO.Compression;
using System.Text;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Runtime.Tests;

public class NpzTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Written_arrays_come_back(bool compress)
    {
        var arrays = new Dictionary<string, Tensor>
        {
            ["call0/in0"] = Tensor.From([1f, 2f, 3f, 4f], 2, 2),
            ["text"] = Tensor.From(["a", "bc"], 2),
        };
        using var folder = new TemporaryFolder();
        string path = folder.File("a.npz");
        Npz.Write(path, arrays, compress);
        using (Npz npz = Npz.Open(path))
        {
            Assert.Equal(["call0/in0", "text"], npz.Names);
            NpyTests.AssertEqual(arrays["call0/in0"], npz["call0/in0"]);
            NpyTests.AssertEqual(arrays["text"], npz["text"]);
            Assert.False(npz.TryRead("none", out _));
            Assert.Throws<KeyNotFoundException>(() => npz["none"]);
        }

        Assert.Equal(["a.npz"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.npz");
        File.WriteAllText(path, "old");
        var twice = new List<KeyValuePair<string, Tensor>> { new("a", Tensor.Scalar(1f)), new("a", Tensor.Scalar(2f)) };
        Assert.Throws<ArgumentException>(() => Npz.Write(path, twice));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Two_members_of_a_name_are_refused()
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("a.npy");
            zip.CreateEntry("a.npy");
        }

        var error = Assert.Throws<ModelFormatException>(() => Npz.Open(stream, "x.npz"));
        Assert.Contains("x.npz:a.npy: found two members", error.Message);
    }

    [Theory]
    [InlineData("containers")]
    [InlineData("keras1")]
    [InlineData("real")]
    public void Reads_every_array_of_the_vectors_that_Keras_wrote(string suite)
    {
        int arrays = 0;
        foreach (string vectors in Fixtures.Cases(suite).Select(c => (string?)c["vectors"]).OfType<string>().Distinct())
        {
            using Npz npz = Npz.Open(Fixtures.Path(suite, vectors));
            JObject manifest = JObject.Parse(Encoding.UTF8.GetString(npz["manifest"].Bytes));
            foreach (JToken named in manifest.SelectTokens("$..array").Where(t => t.Type == JTokenType.String))
            {
                Tensor tensor = npz[(string)named!];
                Assert.True(tensor.Length >= 0);
                arrays++;
            }
        }

        Assert.True(arrays > 100, $"only {arrays} arrays");
    }

    [Fact]
    public void Damage_gives_our_exceptions_only()
    {
        var stream = new MemoryStream();
        Npz.Write(stream, new Dictionary<string, Tensor> { ["a"] = Tensor.From([1f, 2f, 3f], 3), ["b"] = Tensor.From(["x"], 1) });
        byte[] whole = stream.ToArray();
        var random = new Random(1);
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = (byte[])whole.Clone();
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                using Npz npz = Npz.Open(new MemoryStream(bytes), "x.npz");
                foreach (string name in npz.Names)
                {
                    _ = npz[name];
                }
            }
            catch (KerasCompatException)
            {
            }
        }
    }
}
