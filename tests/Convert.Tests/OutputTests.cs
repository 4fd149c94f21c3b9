using System.Xml.Linq;
using KerasCompat.Convert.Output;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Tests;

/// <summary>What the tool says to programs: JUnit XML, JSON, and a progress line that leaves nothing behind.</summary>
public class OutputTests
{
    [Theory]
    [InlineData("1e-5", 0)]
    [InlineData("0", 1)]
    public void JUnit_has_a_test_for_every_output(string tolerance, int failures)
    {
        XElement suite = JUnit(failures, "verify", Fixtures.Path("keras3-graphs", "mobilenet_block.keras"), Fixtures.Path("keras3-graphs", "mobilenet_block.npz"), "--atol", tolerance, "--rtol", tolerance);
        XElement test = Assert.Single(suite.Elements("testcase"));
        Assert.Equal("mobilenet_block.keras", (string?)test.Attribute("classname"));
        Assert.Equal(failures, suite.Descendants("failure").Count());
        Assert.All(suite.Descendants("failure"), f => Assert.Contains("first diverging layer: ", f.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void JUnit_has_an_error_where_the_model_does_not_load()
    {
        XElement suite = JUnit((int)ExitCode.BadFile, "verify", Fixtures.Path("seeds", "cases.jsonl"), Fixtures.Path("seeds", "seeds-imdb-keras-2.3.1.npz"));
        Assert.Equal("1", (string?)suite.Attribute("errors"));
        Assert.Contains("cases.jsonl", Assert.Single(suite.Descendants("error")).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void JUnit_has_a_test_for_every_case_of_a_suite()
    {
        XElement suite = JUnit(0, "verify", "--cases", Fixtures.Path("seeds", string.Empty), "--only", "seeds-embedding");
        Assert.Equal(Fixtures.Cases("seeds").Count(c => ((string)c["name"]!).StartsWith("seeds-embedding", StringComparison.Ordinal)), suite.Elements("testcase").Count());
        Assert.Equal("seeds", (string?)suite.Attribute("name"));
    }

    [Fact]
    public void JUnit_takes_names_that_XML_cannot()
    {
        var report = new JUnitReport("a\u0001 <b> \uD83D\uDE00");
        report.Failed("\u0000\"&", TimeSpan.FromSeconds(1.5), "first line\nsecond \uFFFF");
        using var stream = new MemoryStream();
        report.Write(stream);
        stream.Position = 0;
        XElement test = XDocument.Load(stream).Descendants("testcase").Single();
        Assert.Equal(("a\uFFFD <b> \uD83D\uDE00", "\uFFFD\"&", "1.500"), ((string?)test.Attribute("classname"), (string?)test.Attribute("name"), (string?)test.Attribute("time")));
        Assert.Equal(("first line", "first line\nsecond \uFFFD"), ((string?)test.Element("failure")!.Attribute("message"), test.Element("failure")!.Value));
    }

    [Theory]
    [InlineData(0, "layers", "inspect", "seeds/seeds-imdb-keras-2.3.1.h5")]
    [InlineData(0, "nodes", "inspect", "seeds/seeds-imdb-keras-2.3.1.h5", "--stage", "graph")]
    [InlineData(0, "kernels", "inspect", "seeds/seeds-imdb-keras-2.3.1.h5", "--stage", "plan")]
    [InlineData(0, "passes", "verify", "seeds/seeds-imdb-keras-2.3.1.h5", "seeds/seeds-imdb-keras-2.3.1.npz")]
    [InlineData(0, "cases", "verify", "--cases", "seeds", "--only", "seeds-embedding-keras-2.3.1")]
    [InlineData(1, "differences", "diff", "seeds/seeds-imdb-keras-2.3.1.h5", "seeds/seeds-embedding-keras-2.3.1.h5")]
    [InlineData(0, "devices", "devices")]
    [InlineData(0, "runs", "bench", "seeds/seeds-imdb-keras-2.3.1.h5", "--rounds", "1")]
    [InlineData(3, "problems", "inspect", "seeds/none.h5")]
    [InlineData(2, "problems", "verify")]
    public void Json_is_all_that_is_printed(int exit, string key, params string[] arguments)
    {
        (int ended, string output) = Run([.. arguments.Select(a => a.StartsWith("seeds", StringComparison.Ordinal) && !a.StartsWith("seeds-", StringComparison.Ordinal) ? Path.Combine(Fixtures.Root, a) : a), "--json"]);
        Assert.Equal(exit, ended);
        JToken json = JToken.Parse(output);
        if (json is JObject o)
        {
            Assert.Contains(key, o.Properties().Select(p => p.Name));
        }
    }

    /// <summary>The codes of <c>inspect</c> are those of the commands that go on to use the file.</summary>
    [Theory]
    [InlineData(3, "never built", """{"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 2} }]} }""")]
    [InlineData(4, "layer class Mine", """{"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Mine", "config": {"name": "d", "batch_input_shape": [null, 2]} }]} }""")]
    public void Inspect_tells_a_bad_file_from_what_is_not_supported(int exit, string text, string json)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("m.json");
        File.WriteAllText(file, json);
        (int ended, string output) = Run(["inspect", file]);
        Assert.Equal(exit, ended);
        Assert.Contains("One problem stands in the way:", output, StringComparison.Ordinal);
        Assert.Contains(text, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3", 0, "d_input: float32 (batch, 3)")]
    [InlineData("(None, 3)", 0, "d_input: float32 (batch, time, 3)")]
    [InlineData("three", 2, "--input-shape three")]
    [InlineData("3,-1", 2, "--input-shape 3,-1")]
    [InlineData("None", 3, "unknown size")]
    public void A_model_that_was_never_built_is_told_its_input_shape(string shape, int exit, string text)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("m.json");
        File.WriteAllText(file, """{"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 2} }]} }""");
        (int ended, string output) = Run(["inspect", file, "--input-shape", shape, "--json"]);
        Assert.Equal(exit, ended);
        Assert.Contains(text, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_says_what_weights_alone_lack()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("w.h5");
        File.Copy(Fixtures.Path("real", "dl4j__cnn_tf__apart.weights.h5"), file);
        (int ended, string output) = Run(["inspect", file]);
        Assert.Equal(0, ended);
        Assert.EndsWith("Weights alone, without architecture: name its JSON first and these with --weights w.h5.", output.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_line_tells_share_and_time_left_and_is_wiped()
    {
        Assert.Equal("rows [===============               ] 50 %, 1,000 of 2,000, 1:30 left", Progress.Line("rows", 1000, 2000, TimeSpan.FromSeconds(90)));
        Assert.Equal("rows: 1,000 in 1:30", Progress.Line("rows", 1000, null, TimeSpan.FromSeconds(90)));

        Assert.Equal("load [===============               ] 50 %, 0:04 left", Progress.Line("load", 500, Progress.Whole, TimeSpan.FromSeconds(4)));
        Assert.Equal("load [                              ] 0 %, 0:04", Progress.Line("load", 0, Progress.Whole, TimeSpan.FromSeconds(4)));
        Assert.Equal("measure: 0:04", Progress.Line("measure", 0, null, TimeSpan.FromSeconds(4)));

        using var terminal = new StringWriter();
        using (var progress = new Progress("rows", 2, terminal, TimeSpan.Zero))
        {
            progress.Advance(1);
            progress.Advance(1);
        }

        string[] lines = terminal.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["0 %", "50 %", "100 %"], lines[..3].Select(l => string.Join(' ', l.Split("] ")[1].Split(',')[0])));
        Assert.Equal(lines.Max(l => l.Length), lines[^1].Length);
        Assert.Equal(string.Empty, lines[^1].Trim());
    }

    /// <summary>Work of less than half a second draws nothing.</summary>
    [Fact]
    public void Short_work_draws_no_bar()
    {
        using var terminal = new StringWriter();
        using (var progress = new Progress("rows", 2, terminal, TimeSpan.FromHours(1)))
        {
            progress.Advance(2);
            progress.Clear();
        }

        Assert.Equal(string.Empty, terminal.ToString());
    }

    private static XElement JUnit(int exit, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("outcomes.xml");
        (int ended, string output) = Run([.. arguments, "--junit", file]);
        Assert.True(exit == ended, output);
        return XDocument.Load(file).Root!.Elements("testsuite").Single();
    }

    private static (int Exit, string Output) Run(string[] arguments)
    {
        (ExitCode exit, string output, string errors) = Tool.Run(arguments);
        return ((int)exit, output.Length > 0 ? output : errors);
    }
}
