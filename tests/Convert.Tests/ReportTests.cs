using System.Text.RegularExpressions;
using KerasCompat.Convert.Commands;
using KerasCompat.Convert.Report;
using KerasCompat.Testing;

namespace KerasCompat.Convert.Tests;

/// <summary>The page that shows a model: whole, self-contained, and true to the model.</summary>
public class ReportTests
{
    [Theory]
    [InlineData(0, 4, "seeds", "seeds-imdb-keras-2.3.1.h5", "seeds-imdb-keras-2.3.1.npz")]
    [InlineData(0, 2, "seeds", "seeds-embedding-keras-2.3.1.h5", "seeds-embedding-keras-2.3.1.npz")]
    [InlineData(0, 7, "keras3-graphs", "nested_functional_twice.keras", "nested_functional_twice.npz")]
    [InlineData(1, 16, "keras3-graphs", "mobilenet_block.keras", "mobilenet_block.npz", "--atol", "1e-8", "--rtol", "0")]
    [InlineData(0, 18, "architectures", "encoder_mini.json.gz", null)]
    [InlineData(0, 156, "architectures", "mobilenetv2.json.gz", null)]
    public void Page_shows_every_call_and_asks_for_nothing(int exit, int boxes, string suite, string model, string? vectors, params string[] options)
    {
        string page = Write(exit, suite, model, vectors, options);

        Assert.Equal(boxes, Regex.Count(page, "class=\"box "));
        Assert.DoesNotMatch("(?i)<script|<link|<img|@import|url\\(|(src|href)=\"(?!#)", page);
        string[] ids = [.. Regex.Matches(page, "\\bid=\"([^\"]+)\"").Select(m => m.Groups[1].Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(Regex.Matches(page, "href=\"#([^\"]+)\""), link => Assert.Contains(link.Groups[1].Value, ids));
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        foreach (string tag in (string[])["svg", "a", "table", "tr", "details", "ol", "li", "section", "figure"])
        {
            Assert.Equal(Regex.Count(page, $"<{tag}[ >]"), Regex.Count(page, $"</{tag}>"));
        }
    }

    [Fact]
    public void First_diverging_layer_is_marked_where_Verify_finds_it()
    {
        string page = Write(1, "keras3-graphs", "mobilenet_block.keras", "mobilenet_block.npz", ["--atol", "1e-8", "--rtol", "0"]);
        using KerasModel model = KerasModel.Load(Fixtures.Path("keras3-graphs", "mobilenet_block.keras"));
        string first = model.Verify(Fixtures.Path("keras3-graphs", "mobilenet_block.npz"), new Verification.Tolerance(1e-8, 0)).FirstDiverging!.Layer;

        Match cell = Assert.Single(Regex.Matches(page, "<li class=\"heat-\\d first\"><a href=\"#[^\"]+\" title=\"([^ ]+) "));
        Assert.Equal(first, cell.Groups[1].Value);
    }

    /// <summary>Keras 2 counts a nested model's making as its call 0, so that its calls bear other numbers in the vectors than in the file.</summary>
    [Fact]
    public void Each_call_of_a_nested_model_has_its_difference()
    {
        string page = Write(0, "keras2", "2.3.1-tensorflow-nested.h5", "2.3.1-tensorflow-nested.npz", []);
        (string Layer, string Difference)[] cells = Strip(page, "model_1");

        Assert.Equal(["inner (Functional, call 1)", "inner (Functional, call 2)", "sequential_1 (Sequential)", "concatenate_1 (Concatenate)"], cells.Select(c => c.Layer));
        Assert.All(cells, c => Assert.InRange(double.Parse(c.Difference, System.Globalization.CultureInfo.InvariantCulture), 0, 1e-6));
        Assert.Matches("call 1: <i class=\"dot heat-\\d\"></i>[^<]+</span><span class=\"call\">call 2: <i class=\"dot heat-\\d\"></i>", page);
    }

    [Fact]
    public void Inside_a_nested_model_the_page_says_what_the_vectors_tell()
    {
        string page = Write(0, "keras3-graphs", "nested_functional_twice.keras", "nested_functional_twice.npz", []);
        string[] outer = [.. Strip(page, "functional").Where(c => c.Layer.StartsWith("block", StringComparison.Ordinal)).Select(c => c.Difference)];

        Assert.Equal(
            [("dense_1 (Dense, call 1)", "not in the vectors"), ("dense (Dense, call 1)", outer[0]), ("dense_1 (Dense, call 2)", "not in the vectors"), ("dense (Dense, call 2)", outer[1])],
            Strip(page, "block"));
        Assert.Contains("The vectors hold what block gives, which dense inside gives; of the other layer inside they hold nothing.", page, StringComparison.Ordinal);
        string worst = outer.MaxBy(o => double.Parse(o, System.Globalization.CultureInfo.InvariantCulture))!;
        Assert.Matches($"<summary><h2>block</h2>.*difference from Keras <i class=\"dot heat-\\d\"></i>{Regex.Escape(worst)}, the largest of 2 calls", page);
    }

    [Fact]
    public void A_nested_model_that_diverges_first_is_marked_at_its_call_and_its_fold()
    {
        string page = Write(1, "keras3-graphs", "nested_functional_twice.keras", "nested_functional_twice.npz", ["--atol", "1e-8", "--rtol", "0"]);

        Match cell = Assert.Single(Regex.Matches(page, "<li class=\"heat-\\d first\"><a href=\"#[^\"]+\" title=\"([^:]+):"));
        Assert.Equal("block (Functional, call 1)", cell.Groups[1].Value);
        Assert.Matches("First outside the tolerance: block \\(Functional, call 1\\).* That is a model of 3 layers. The vectors hold what block gives", page);
        Assert.Matches("<summary><h2>block</h2>.*<b>← first</b>", page);
        Assert.Single(Regex.Matches(page, "class=\"box [^\"]*diverges"));
    }

    /// <summary>Names in a model file are anybody's text.</summary>
    [Fact]
    public void Markup_escapes_what_is_put_into_it() =>
        Assert.Equal("<b title=\"&quot;&lt;script&gt;\">&amp;</b>", Markup.Of($"<b title=\"{"\"<script>"}\">{"&"}</b>").Text);

    [Fact]
    public void Boxes_of_a_rank_do_not_overlap_and_edges_go_down()
    {
        // A block with three branches of different lengths, and an edge around them all.
        (int From, int To)[] edges = [(0, 1), (0, 2), (0, 3), (3, 4), (1, 5), (2, 5), (4, 5), (0, 5)];
        var layout = new LayeredLayout([.. Enumerable.Repeat(100.0, 6)], [.. Enumerable.Repeat(20.0, 6)], edges);

        Assert.All(layout.Ranks, rank => Assert.All(rank.Zip(rank.Skip(1)), pair =>
            Assert.True(pair.First.X + (pair.First.Width / 2) < pair.Second.X - (pair.Second.Width / 2))));
        Assert.All(layout.Edges, route => Assert.All(route.Zip(route.Skip(1)), step => Assert.Equal(step.First.Rank + 1, step.Second.Rank)));
        Assert.Equal([0, 1, 1, 1, 2, 3], layout.Ranks.SelectMany(r => r).Where(p => p.Box >= 0).OrderBy(p => p.Box).Select(p => p.Rank));
    }

    /// <summary>Boxes that nobody reads stand below one another where they would be wider than a page beside one another.</summary>
    [Fact]
    public void A_fan_is_no_wider_than_a_page()
    {
        var layout = new LayeredLayout([.. Enumerable.Repeat(100.0, 11)], [.. Enumerable.Repeat(20.0, 11)], [.. Enumerable.Range(1, 10).Select(to => (0, to))]);

        Assert.Equal([1, 4, 4, 2], layout.Ranks.Select(r => r.Count(p => p.Box >= 0)));
        Assert.All(layout.Edges, route => Assert.Equal(0, route[0].Box));
    }

    /// <summary>A layer of layers has several kernels.</summary>
    [Fact]
    public void Weights_bear_the_names_of_the_layers_inside()
    {
        string page = Write(0, "keras3-graphs", "transformer_decoder_causal.keras", "transformer_decoder_causal.npz", []);
        Assert.Equal(
            ["query/kernel", "query/bias", "key/kernel", "key/bias", "value/kernel", "value/bias", "attention_output/kernel", "attention_output/bias"],
            Regex.Matches(Regex.Match(page, "<tr id=\"[^\"]+\"[^>]*><th scope=\"row\">multi_<wbr>head_<wbr>attention<small>.*").Value, "<title>([^:]+):").Select(m => m.Groups[1].Value));
    }

    /// <summary>The cells of a model's heat strip.</summary>
    private static (string Layer, string Difference)[] Strip(string page, string model) =>
        [.. Regex.Matches(Regex.Match(page, $"<ol class=\"strip\" aria-label=\"Difference at each layer of {model},.*").Value, "title=\"([^:]+): ([^\"]+)\"").Select(m => (m.Groups[1].Value, m.Groups[2].Value))];

    private static string Write(int exit, string suite, string model, string? vectors, string[] options)
    {
        using var folder = new TemporaryFolder();
        string page = folder.File("page.html");
        string[] compared = vectors is null ? [] : ["--vectors", Fixtures.Path(suite, vectors)];
        Assert.Equal(exit, ReportCommand.Create().Parse([Fixtures.Path(suite, model), "-o", page, .. compared, .. options]).Invoke());
        return File.ReadAllText(page);
    }
}
