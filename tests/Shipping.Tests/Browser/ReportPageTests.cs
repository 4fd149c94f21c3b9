using System.Text.RegularExpressions;
using KerasCompat.Testing;

namespace KerasCompat.Shipping.Tests.Browser;

/// <summary>The page of <c>convert report</c> as a browser shows it. The screenshots stay in <c>artifacts/report</c>, to be looked at.</summary>
public sealed partial class ReportPageTests
{
    private static readonly string[] Browsers = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Finds what a reader would stumble over: text that leaves its box, a page wider than the window, boxes over one another, links to nowhere.</summary>
    private const string Probe = """
        <script>
        const faults = [];
        if (document.documentElement.scrollWidth > innerWidth + 1) faults.push('the page is wider than the window: ' + document.documentElement.scrollWidth);
        for (const details of document.querySelectorAll('details')) details.open = true;
        const boxes = [...document.querySelectorAll('.box')].map(b => [b, b.querySelector('.body').getBoundingClientRect()]);
        for (const [box, body] of boxes) for (const text of box.querySelectorAll('text')) {
          const t = text.getBoundingClientRect();
          if (t.left < body.left || t.right > body.right + 1 || t.top < body.top - 1 || t.bottom > body.bottom + 1) faults.push('text leaves its box: ' + text.textContent);
        }
        for (const [box, body] of boxes) { const [name, what] = box.querySelectorAll('text');
          if (what && name.getBoundingClientRect().right > what.getBoundingClientRect().left && Math.abs(name.getBoundingClientRect().top - what.getBoundingClientRect().top) < 8) faults.push('texts run into one another: ' + box.textContent); }
        for (const [i, [box, a]] of boxes.entries()) for (const [other, b] of boxes.slice(i + 1))
          if (box.ownerSVGElement === other.ownerSVGElement && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) faults.push('boxes overlap: ' + box.textContent + ' / ' + other.textContent);
        for (const link of document.querySelectorAll('a')) if (!document.getElementById((link.getAttribute('href') ?? '').slice(1))) faults.push('a link to nowhere: ' + link.outerHTML);
        document.body.innerHTML = '<pre id="probe">' + boxes.length + ' boxes; faults: ' + (faults.join(' | ') || 'none') + '</pre>';
        </script>
        """;

    [ProgramTheory("chromium", "chromium-browser", "google-chrome")]
    [InlineData("sentiment", 1280, 4, new[] { 0x7c3aed }, "seeds/seeds-imdb-keras-2.3.1.h5", "--vectors", "seeds/seeds-imdb-keras-2.3.1.npz")]
    [InlineData("diverging", 1280, 16, new[] { 0xd9572b, 0xb3261e }, "keras3-graphs/mobilenet_block.keras", "--vectors", "keras3-graphs/mobilenet_block.npz", "--atol", "1e-8", "--rtol", "0")]
    [InlineData("nested", 1280, 7, new[] { 0x5fb391, 0x334e9e }, "keras3-graphs/nested_functional_twice.keras", "--vectors", "keras3-graphs/nested_functional_twice.npz")]
    [InlineData("nested-diverging", 1280, 7, new[] { 0x5fb391, 0xeb9a3c, 0xb3261e }, "keras3-graphs/nested_functional_twice.keras", "--vectors", "keras3-graphs/nested_functional_twice.npz", "--atol", "2e-7", "--rtol", "0")]
    [InlineData("fan", 1280, 12, new[] { 0x0e7490 }, "keras1/1.1.2-tensorflow-merge-functional.h5", "--vectors", "keras1/1.1.2-tensorflow-merge-functional.npz")]
    [InlineData("mobilenet", 1480, 156, new[] { 0x2563eb }, "architectures/mobilenetv2.json.gz")]
    [InlineData("narrow-diverging", 500, 16, new[] { 0xd9572b, 0xb3261e }, "keras3-graphs/mobilenet_block.keras", "--vectors", "keras3-graphs/mobilenet_block.npz", "--atol", "1e-8", "--rtol", "0")]
    [InlineData("narrow", 500, 18, new[] { 0xbe185d }, "architectures/encoder_mini.json.gz")]
    public void Page_is_drawn_without_faults(string name, int width, int boxes, int[] colours, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        string page = folder.File("report.html"), probed = folder.File("probed.html");
        (int exit, string said) = Processes.Run(Fixtures.Root, Processes.DotnetPath, [Path.Combine(AppContext.BaseDirectory, "convert.dll"), "report", .. arguments, "-o", page]);
        Assert.True(exit is 0 or 1, said);

        // The page allows no scripts; the copy that is measured does.
        File.WriteAllText(probed, File.ReadAllText(page).Replace("default-src 'none';", "script-src 'unsafe-inline';", StringComparison.Ordinal).Replace("</body>", Probe + "</body>", StringComparison.Ordinal));
        Assert.Equal($"{boxes} boxes; faults: none", ProbeText().Match(Browse(folder.Path, width, "--dump-dom", probed)).Groups[1].Value);

        string screenshot = Path.Combine(Directory.CreateDirectory(Path.Combine(Fixtures.Repository, "artifacts", "report")).FullName, name + ".png");
        File.Delete(screenshot);
        Browse(folder.Path, width, $"--screenshot={screenshot}", page);
        var pixels = new PngPixels(File.ReadAllBytes(screenshot));
        Dictionary<int, int> counts = pixels.Count();
        Assert.Equal(width, pixels.Width);
        Assert.All(colours, colour => Assert.True(counts.GetValueOrDefault(colour) > 50, $"{screenshot} has {counts.GetValueOrDefault(colour)} pixels of #{colour:x6}"));
    }

    private static string Browse(string profile, int width, string task, string page)
    {
        // Root, as in a container, has no sandbox of Chromium's; the page is our own.
        (int exit, string output) = Processes.Run(
            profile,
            ProgramTheoryAttribute.Find(Browsers)!,
            ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb", $"--user-data-dir={profile}/profile", $"--window-size={width},1600", task, new Uri(page).AbsoluteUri]);
        Assert.True(exit == 0, output);
        return output;
    }

    [GeneratedRegex("<pre id=\"probe\">([^<]*)</pre>")]
    private static partial Regex ProbeText();
}
